import type { UploadCheckpoint } from '../../../src/domain/stored/checkpoint.js';
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { checkpointJson } from '../../../src/control/checkpoint.js';
import { controlKeys } from '../../../src/control/control-keys.js';
import type { Definition, TargetDefinition } from '../../../src/domain/definition.js';
import { planLayout } from '../../../src/domain/layout.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import type { SliceTask } from '../../../src/domain/figures/slice-report.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import type { RenderedExpect, RenderedLookup } from '../../../src/domain/rendered-find.js';
import { type LedgerContent, parseLedger } from '../../../src/control/ledger/ledger-format.js';
import { ListingHabits } from '../../../src/pipeline/discover/sharing/listing-habits.js';
import type {
  MigrationResources,
  SilentStores,
  ThrottledStores,
} from '../../../src/pipeline/unit/migration-resources.js';
import { MemoryBlobSource } from './memory-blob-source.js';
import { MemoryControlStore } from './memory-control-store.js';
import { MemoryObjectTarget } from './memory-object-target.js';

/** A definition as parsed from a small migration file. Blobs are taken as they are, without decompression. */
export function smallDefinition(
  changes: Partial<Omit<Definition, 'target' | 'limits' | 'transform'>> & {
    readonly target?: Partial<TargetDefinition>;
    readonly limits?: Partial<Definition['limits']>;
    readonly transform?: Partial<Definition['transform']>;
  } = {},
): Definition {
  return {
    version: 1,
    name: 'orders',
    units: { from: 'units.csv' },
    accounts: { east: { endpoint: 'https://east.example' }, west: { endpoint: 'https://west.example' } },
    find: [],
    order: 'name',
    expect: {},
    whenEmpty: 'fail',
    speed: { unitsInFlight: 'auto', bytesPerSecond: 'unlimited', heartbeatTimeoutMs: 60_000 },
    ...changes,
    transform: {
      decompress: 'none',
      trailingGarbage: 'fail',
      onCorrupt: 'fail',
      crossCheck: { decode: 0, encode: 0 },
      join: 'concat',
      compress: 'gzip',
      level: 'standard',
      ...changes.transform,
    },
    target: {
      bucket: 'archive',
      key: '{{ unit.id }}.gz',
      tags: {},
      metadata: {},
      overwrite: 'never',
      conditionalWrites: 'require',
      control: { bucket: 'archive', prefix: '.longhaul' },
      ...changes.target,
    },
    limits: {
      blobBytes: 64 * 1024 ** 3,
      unitBytes: 5 * 1024 ** 4,
      unitBlobs: 1_000_000,
      expansion: 2_000,
      unitPatienceMs: 1_800_000,
      failedUnits: { kind: 'share', share: 0.05 },
      ...changes.limits,
    },
  };
}

/** A rendered lookup of everything below a prefix. */
export function prefixLookup(changes: Partial<RenderedLookup> & { readonly prefix: string }): RenderedLookup {
  const { prefix, ...rest } = changes;
  const find = { kind: 'prefix', prefix, matches: () => true } as const;
  return { lookup: 0, combination: 0, account: 'east', container: 'events', optional: false, find, ...rest };
}

/** Options of {@link MemoryMigration}. */
export interface MemoryMigrationOptions {
  readonly units: number;
  readonly definition?: Definition;
  /** By default everything below `<unit id>/` in the container `events` of the account `east`. */
  readonly lookups?: (unit: StagedUnit) => readonly RenderedLookup[];
  readonly expect?: (unit: StagedUnit) => RenderedExpect;
  readonly pieceBytes?: number;
  /** Which stores were throttled; none by default. */
  readonly throttled?: ThrottledStores;
  /** Which stores answer nothing; all answer by default. */
  readonly silent?: SilentStores;
  /** The smallest part that the target accepts, if it differs from that of S3. */
  readonly partBytesMin?: number;
  /** Changes a unit before it is staged. */
  readonly stage?: (unit: StagedUnit) => StagedUnit;
}

/**
 * A migration of one slice with all its stores in memory. Unit `n` has the id `unit-n` and the key `orders/unit-n.gz`.
 */
export class MemoryMigration {
  readonly source: MemoryBlobSource;
  readonly target: MemoryObjectTarget;
  readonly control = new MemoryControlStore();
  readonly units: readonly StagedUnit[];
  readonly task: SliceTask;
  readonly resources: MigrationResources;
  readonly base = '.longhaul/orders';
  #read: { readonly bytes: Uint8Array; readonly content: LedgerContent } | undefined;

  constructor(options: MemoryMigrationOptions) {
    const { stage = (unit) => unit, definition = smallDefinition() } = options;
    const { partBytesMin } = options;
    this.target = new MemoryObjectTarget(partBytesMin === undefined ? {} : { partBytesMin });
    this.source = new MemoryBlobSource({ pieceBytes: options.pieceBytes ?? 64 * 1024 });
    this.source.addContainer('east', 'events');
    this.source.addContainer('west', 'events');
    this.units = Array.from({ length: options.units }, (_, index) =>
      stage({ index, id: `unit-${index}`, key: `orders/unit-${index}.gz`, fields: {} }),
    );
    this.task = { epoch: 1, round: 0, partition: 0, slice: 0, firstUnit: 0, units: options.units };
    this.resources = {
      record: {
        format: 1,
        name: definition.name,
        id: 'id-of-orders',
        round: 0,
        definition,
        definitionDigest: 'd'.repeat(64),
        unitsDigest: 'u'.repeat(64),
        layout: planLayout(options.units),
        version: '0.1.0',
        stagedAt: '2024-01-01T00:00:00.000Z',
      },
      base: this.base,
      control: this.control,
      source: this.source,
      target: this.target,
      find: {
        lookups: options.lookups ?? ((unit) => [prefixLookup({ prefix: `${unit.id}/` })]),
        expect: options.expect ?? (() => ({})),
      },
      listingHabits: new ListingHabits(),
      throttled: options.throttled ?? { accounts: () => [], account: () => undefined, target: () => undefined },
      silent: options.silent ?? { account: () => undefined, target: () => undefined },
    };
    const staged = gzipSync(this.units.map((unit) => JSON.stringify(unit) + '\n').join(''));
    this.control.objects.set(this.stagedKey, staged);
  }

  get stagedKey(): string {
    return controlKeys.stagedSlice(this.base, 0, this.resources.record.unitsDigest, this.task);
  }

  get ledgerKey(): string {
    return controlKeys.ledger(this.base, 0, this.task);
  }

  /** The checkpoint that an attempt at a unit has left. */
  checkpoint(unit: number): UploadCheckpoint {
    const bytes = this.control.objects.get(controlKeys.upload(this.base, 0, unit));
    if (bytes === undefined) throw new Error(`unit ${unit} has no checkpoint`);
    return checkpointJson.parse(bytes, `unit ${unit}`);
  }

  /** The first unit, for tests that need only one. */
  get unit(): StagedUnit {
    const [unit] = this.units;
    if (unit === undefined) throw new Error('the migration has no units');
    return unit;
  }

  /** Stores a blob of a unit under `<unit id>/<name>`. */
  addBlob(
    unit: number,
    name: string,
    bytes: Uint8Array | string,
    options: { readonly account?: string; readonly md5?: string | null } = {},
  ) {
    const { account = 'east', ...rest } = options;
    return this.source.add({ account, container: 'events', name: `unit-${unit}/${name}` }, bytes, rest);
  }

  /** The stored ledger, or undefined. */
  get ledger(): LedgerContent | undefined {
    const bytes = this.control.objects.get(this.ledgerKey);
    if (bytes === undefined) return undefined;
    // Tests ask after every attempt, and most attempts change the ledgers of few slices.
    if (this.#read?.bytes !== bytes) this.#read = { bytes, content: parseLedger(bytes, this.ledgerKey) };
    return this.#read.content;
  }

  /** The stored receipts, by unit index. */
  get receipts(): readonly Receipt[] {
    return [...(this.ledger?.receipts.values() ?? [])].sort((a, b) => a.index - b.index);
  }

  /** The content of the target: the SHA-256 of the unpacked bytes, by key. */
  get published(): Readonly<Record<string, string>> {
    const keys = [...this.target.objects.keys()].sort();
    return Object.fromEntries(
      keys.map((key) => [key, sha256(gunzipSync(this.target.objects.get(key)?.bytes ?? Buffer.alloc(0)))]),
    );
  }
}

/** SHA-256, hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
