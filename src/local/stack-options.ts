import type { Program } from './programs/program.js';

/**
 * Proofs that a part works, injected because they need SDKs. Each writes something and reads it back, throws while the
 * part is not ready, and may be called any number of times.
 */
export interface StackProbes {
  azure(account: { readonly name: string; readonly key: string; readonly endpoint: string }): Promise<void>;
  s3(target: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  }): Promise<void>;
  /** Calls the workflow service and checks that the search attributes exist. */
  temporal(server: { readonly address: string; readonly namespace: string }): Promise<void>;
  /** Checks that somebody polls the task queue. */
  workers(server: { readonly address: string; readonly namespace: string; readonly taskQueue: string }): Promise<void>;
}

/** What `stackUp` needs. Without `portBase`, a stack keeps its ports, and a new one takes the customary ones. */
export interface StackOptions {
  readonly stateDir: string;
  /** Where fetched programs are kept, shared by all stacks of a user. */
  readonly cacheDir: string;
  readonly portBase?: number;
  readonly stores: boolean;
  /** Explicit paths, from `LONGHAUL_TEMPORAL_CLI`, `LONGHAUL_AZURITE` and `LONGHAUL_WEED`. */
  readonly programs: { readonly [Name in Program['name']]?: string | undefined };
  readonly workerProgram?: { readonly command: string; readonly args: readonly string[] };
  readonly taskQueue?: string;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly probes: StackProbes;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}
