import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import { settled } from '../../../src/flow/settled.js';
import { testSeed } from '../../support/test-seed.js';
import {
  recordKinds,
  storedMigrations,
  storedRecords,
  storeOf,
  type RecordKind,
  type StoredMigration,
} from './record-kinds.js';

const seed = testSeed('stored records');
const runs = { seed, numRuns: 40 };

describe.each(recordKinds.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  it('is read as it was stored, by every reader', async () => {
    await fc.assert(
      fc.asyncProperty(storedMigrations, async (migration) => {
        for (const { result } of await readAll(kind, migration, (bytes) => bytes))
          expect(result).toEqual({ value: kind.expected(migration) });
      }),
      runs,
    );
  });

  it('is read as an older version stored it, without checksum and optional fields', async () => {
    await fc.assert(
      fc.asyncProperty(storedMigrations, async (migration) => {
        const older = withoutNewerFields(migration);
        const outcomes = await readAll(kind, older, (bytes) => withoutChecksum(bytes));
        for (const { result } of outcomes) expect(result).toEqual({ value: kind.expected(older) });
      }),
      runs,
    );
  });

  it('is reported as damaged when it was cut short', async () => {
    await fc.assert(
      fc.asyncProperty(storedMigrations, fc.double({ min: 0, max: 1, noNaN: true }), async (migration, share) => {
        const cut = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(share * bytes.length));
        for (const outcome of await readAll(kind, migration, cut)) expectDamage(outcome, kind, migration);
      }),
      runs,
    );
  });

  it('is reported as damaged when a bit of it has flipped, or is read as it was', async () => {
    await fc.assert(
      fc.asyncProperty(storedMigrations, fc.nat(), async (migration, bit) => {
        const flip = (bytes: Buffer): Buffer => {
          const at = bit % (bytes.length * 8);
          const flipped = Buffer.from(bytes);
          flipped[at >> 3]! ^= 1 << (at & 7);
          return flipped;
        };
        for (const outcome of await readAll(kind, migration, flip)) expectDamage(outcome, kind, migration);
      }),
      { ...runs, numRuns: 150 },
    );
  });

  it('is reported as damaged when another record is in its place', async () => {
    await fc.assert(
      fc.asyncProperty(storedMigrations, fc.constantFrom(...recordKinds), async (migration, other) => {
        fc.pre((other.sameAs ?? other.name) !== (kind.sameAs ?? kind.name));
        const bytes = Buffer.from(await other.bytes(migration));
        for (const outcome of await readAll(kind, migration, () => bytes)) expectDamage(outcome, kind, undefined);
      }),
      runs,
    );
  });

  it.each(['as stored', 'inflated'])(
    'is reported as damaged when it is larger than any of its kind, %s',
    async (when) => {
      const [migration] = fc.sample(storedMigrations, { seed, numRuns: 1 });
      const padding = Buffer.alloc(kind.maxBytes + 1, ' ');
      padding[kind.maxBytes] = 0x0a;
      const large = when === 'as stored' ? padding : gzipSync(padding, { level: 1 });
      for (const { reader, result } of await readAll(kind, migration!, () => large)) {
        // An attempt starts a unit again whose checkpoint it cannot read; what it cannot even hold, nobody may read.
        const isHarmless = when === 'inflated' && kind.harmless?.[reader] !== undefined;
        expect(classOf(result)).toBe(isHarmless ? undefined : 'LedgerMismatch');
      }
    },
  );

  it('is left alone when a newer version wrote it', async () => {
    await fc.assert(
      fc.asyncProperty(storedMigrations, async (migration) => {
        // Their format is that of the record of their round.
        if (['staged slice', 'manifest', 'unclaimed/<container>-<token>.ndjson.gz'].includes(kind.name)) return;
        for (const { reader, result } of await readAll(kind, migration, newer)) {
          // What must be known to clean up is in every format.
          if (reader !== 'cleanUp of a worker') expect(classOf(result)).toBe('FormatTooNew');
        }
      }),
      runs,
    );
  });
});

interface Outcome {
  readonly reader: string;
  readonly result: { readonly value: unknown } | { readonly error: unknown };
}

/**
 * Changes the record of one kind in a stored migration, and lets all its readers read it, each from a store of its own.
 */
async function readAll(
  kind: RecordKind,
  migration: StoredMigration,
  change: (bytes: Buffer) => Buffer,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const key = kind.key(migration);
  const records = new Map(await storedRecords(migration));
  records.set(key, change(records.get(key)!));
  for (const [reader, read] of Object.entries(kind.readers)) {
    const place = storeOf(migration, records);
    outcomes.push({ reader, result: await settled(read(place)) });
  }
  return outcomes;
}

/** Either the class of the damage, or, if nothing that matters was changed, what was stored. */
function expectDamage({ reader, result }: Outcome, kind: RecordKind, unchanged: StoredMigration | undefined): void {
  const failureClass = classOf(result);
  if (failureClass !== undefined) {
    // A flipped bit may also make a format that is not known yet.
    expect(['LedgerMismatch', 'FormatTooNew']).toContain(failureClass);
    return;
  }
  const value = 'value' in result ? result.value : undefined;
  const asIs = unchanged === undefined ? undefined : kind.expected(unchanged);
  const harmless = kind.harmless?.[reader];
  try {
    expect(value).toEqual(harmless ?? asIs);
  } catch (error) {
    if (asIs === undefined) throw error;
    // The name of the checksum was hit: it is then a field without a meaning, and all others are as they were.
    expect(value).toMatchObject(asIs as object);
  }
}

function classOf(result: Outcome['result']): string | undefined {
  if (!('error' in result)) return undefined;
  return result.error instanceof Failure ? result.error.failureClass : `no Failure: ${String(result.error)}`;
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f;

function withoutChecksum(bytes: Buffer): Buffer {
  if (isGzip(bytes)) return bytes;
  const { checksum: _checksum, ...record } = JSON.parse(bytes.toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify(record));
}

function withoutNewerFields(migration: StoredMigration): StoredMigration {
  const { id: _id, fileDigest: _file, before: _before, ...record } = migration.record;
  const { findings: _findings, completing: _completing, ...checkpoint } = migration.checkpoint;
  const { earlier: _earlier, ...tally } = migration.summary.tally;
  return { ...migration, record, checkpoint, summary: { ...migration.summary, tally } };
}

function newer(bytes: Buffer): Buffer {
  if (isGzip(bytes)) return Buffer.concat([gzipSync('{"type":"header","format":2,"of":"tomorrow"}\n'), bytes]);
  return Buffer.from('{"format":2,"of":"tomorrow"}');
}
