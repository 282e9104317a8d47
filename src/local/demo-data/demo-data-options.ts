import type { Damage } from './damage.js';

/** The three source accounts of the demo, as `migration.yaml` names them. */
export type DemoAccount = 'east' | 'west' | 'late';

/** Where one blob of the demo is. */
export interface DemoBlobName {
  readonly account: DemoAccount;
  readonly container: string;
  readonly name: string;
}

/** One blob to store, compressed. */
export interface DemoBlob extends DemoBlobName {
  readonly bytes: Uint8Array;
}

/** How far the generation has come. `bytes` counts what was stored, compressed. */
export interface DemoProgress {
  readonly units: number;
  readonly blobs: number;
  readonly bytes: number;
}

/** What decides every name, byte and digest of the generated data. */
export interface DemoContent {
  readonly seed: number;
  /**
   * Separates sets of data that share accounts: the names of all containers end with it. At most 40 lower-case letters,
   * digits and hyphens.
   */
  readonly set?: string | undefined;
  /** Lines of the units file: 1 to 1,000,000. */
  readonly units: number;
  /**
   * Plain size of the one large unit, in bytes; 0 for none; 24,400,000 by default (its gzip exceeds two 8 MiB
   * parts).
   */
  readonly bigUnitRawBytes?: number;
  /** Mean plain size of a blob of all other units, in bytes: 62,000 by default, and at least 4,000. */
  readonly blobRawBytes?: number;
  /** Units to spoil, by their index in the units file; none by default. */
  readonly damage?: ReadonlyMap<number, Damage>;
}

/** Everything that `generateDemoData` needs. */
export interface DemoDataOptions extends DemoContent {
  /** Name of the migration. */
  readonly name: string;
  /** Existing directory that receives `migration.yaml`, `units.csv` and `expected.ndjson`. */
  readonly directory: string;
  /** Endpoint of each account, and the name under which a worker finds its credential. */
  readonly accounts: Readonly<Record<DemoAccount, { readonly endpoint: string; readonly credential: string }>>;
  /** Where the objects go; `keyPrefix` is empty or ends with a slash. */
  readonly target: {
    readonly bucket: string;
    readonly endpoint: string;
    readonly region: string;
    readonly keyPrefix: string;
  };
  /** Stores one blob; the containers that `demoContainers` lists exist already. A rejection ends the generation. */
  readonly putBlob: (blob: DemoBlob) => Promise<void>;
  /** At most this many `putBlob` calls are open at once. */
  readonly uploadsInFlight: number;
  /** Called with the progress after every stored blob and every unit. */
  readonly progress?: (done: DemoProgress, total: { readonly units: number }) => void;
  /** Ends the generation; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The Python 3 program that compresses; `python3` by default. */
  readonly python?: string;
}
