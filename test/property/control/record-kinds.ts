import fc from 'fast-check';
import { checkNoteJson, readCheckNote, type CheckNote } from '../../../src/control/check-note.js';
import { checkpointJson, readCheckpoint } from '../../../src/control/checkpoint.js';
import { controlKeys } from '../../../src/control/control-keys.js';
import type { StagedPrefix } from '../../../src/control/control-prefix.js';
import { gzipLines } from '../../../src/control/gzip-lines.js';
import { packLines } from '../../../src/control/ledger/ledger-format.js';
import { readLedger } from '../../../src/control/ledger/read-ledger.js';
import { readReceipts } from '../../../src/control/ledger/read-receipts.js';
import { SliceLedger } from '../../../src/control/ledger/slice-ledger.js';
import { readLeftUpload } from '../../../src/control/clean-up/left-upload.js';
import { readNewestRound } from '../../../src/control/newest-round.js';
import { advanceEpoch, ownerJson, readOwner, refuseIfSuperseded } from '../../../src/control/owner.js';
import { lineBytesMax, sizeLimits } from '../../../src/control/size-limits.js';
import { readStagedSlice, writeStagedSlice } from '../../../src/control/staged-slice.js';
import { findingsJson, readFindings } from '../../../src/control/stored-findings.js';
import { readManifestBlobs } from '../../../src/control/stored-manifest.js';
import {
  allContainerFindings,
  containerFindingsJson,
  containerId,
  readContainerFindings,
  readUnclaimed,
  unclaimedJson,
} from '../../../src/control/plan/stored-unclaimed.js';
import { readUnclaimedList, type UnclaimedBlob } from '../../../src/control/plan/unclaimed-list.js';
import { readVerification, verificationJson } from '../../../src/control/stored-verification.js';
import { readRecord, recordJson } from '../../../src/control/stored-record.js';
import { closeRound, readSummary, summaryJson } from '../../../src/control/summary.js';
import type { UploadCheckpoint } from '../../../src/domain/stored/checkpoint.js';
import type { ContainerFindings, UnclaimedRecord } from '../../../src/domain/stored/unclaimed-records.js';
import type { VerificationRecord } from '../../../src/domain/stored/verification-records.js';
import type { SourceBlob } from '../../../src/domain/manifest.js';
import type { LedgerHeader } from '../../../src/domain/stored/ledger-lines.js';
import { planLayout } from '../../../src/domain/layout.js';
import type { MigrationRecord, OwnerRecord, SummaryRecord } from '../../../src/domain/stored/migration-record.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { smallDefinition } from '../../support/fakes/memory-migration.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';

const never = new AbortController().signal;

/** A migration as it is stored: one round, one slice. */
export interface StoredMigration {
  readonly record: MigrationRecord;
  readonly owner: OwnerRecord;
  readonly summary: SummaryRecord;
  readonly checkpoint: UploadCheckpoint;
  readonly findings: Pick<Receipt, 'skipped' | 'notes'>;
  readonly units: readonly StagedUnit[];
  readonly receipts: readonly Receipt[];
}

const base = '.longhaul/orders';
const sha256 = 'a'.repeat(64);

/** One kind of stored record: where it is, how it is stored, and what each of its readers makes of it. */
export interface RecordKind {
  readonly name: string;
  /** The most bytes that one may have. */
  readonly maxBytes: number;
  readonly key: (migration: StoredMigration) => string;
  readonly bytes: (migration: StoredMigration) => Promise<Uint8Array>;
  /** Each resolves with what it has read, in the form of `expected`. */
  readonly readers: Readonly<Record<string, (place: StagedPrefix) => Promise<unknown>>>;
  readonly expected: (migration: StoredMigration) => unknown;
  /** The kind whose records have the same form, so that they cannot be told apart. */
  readonly sameAs?: string;
  /** What a reader returns for damage that is not a failure, by the name of the reader. */
  readonly harmless?: Readonly<Record<string, unknown>>;
}

const slice = (units: number) => ({ partition: 0, slice: 0, firstUnit: 0, units });

async function stagedBytes({ units, record }: Pick<StoredMigration, 'units' | 'record'>): Promise<Uint8Array> {
  const store = new MemoryControlStore();
  const lines = Buffer.from(units.map((unit) => `${JSON.stringify(unit)}\n`).join(''));
  const place = { control: store, base, round: 0, unitsDigest: record.unitsDigest };
  await writeStagedSlice(place, { slice: slice(units.length), lines }, never);
  return [...store.objects.values()][0]!;
}

const header = ({ units, record }: StoredMigration): LedgerHeader => ({
  ...{ type: 'header', format: 1, definition: record.definitionDigest },
  ...{ firstUnit: 0, units: units.length, staged: 's' },
});

const claim = { type: 'claim', epoch: 1, token: 'before', seq: 0, at: '2024-01-01T00:00:00.000Z' } as const;

/** Every kind of record that is read again. */
export const recordKinds: readonly RecordKind[] = [
  {
    name: 'migration.json',
    maxBytes: sizeLimits.record,
    key: () => controlKeys.migration(base, 0),
    bytes: async ({ record }) => recordJson.bytes(record),
    readers: {
      worker: async (place) => (await readRecord({ ...place, round: 0 }, never))?.record,
      cli: async (place) => (await readNewestRound(place, never))?.record,
    },
    expected: ({ record }) => record,
  },
  {
    name: 'owner.json',
    maxBytes: sizeLimits.owner,
    key: () => controlKeys.owner(base),
    bytes: async ({ owner }) => ownerJson.bytes(owner),
    readers: {
      'prepare of a worker': async (place) => {
        const owner = await readOwner(place, never);
        if (owner !== undefined) await advanceEpoch(place, { ...owner, isOpen: async () => true }, never);
        return owner;
      },
      'finish of a worker': async (place) => {
        await refuseIfSuperseded(place, Number.MAX_SAFE_INTEGER, never);
        return await readOwner(place, never);
      },
      cli: async (place) => (await readNewestRound(place, never))?.owner,
    },
    expected: ({ owner }) => owner,
  },
  {
    name: 'summary.json',
    maxBytes: sizeLimits.summary,
    key: () => controlKeys.summary(base, 0),
    bytes: async ({ summary }) => summaryJson.bytes(summary),
    readers: {
      worker: async (place) => {
        const present = await readSummary({ ...place, round: 0 }, never);
        return present && (await closeRound(place, present, never));
      },
      cli: async (place) => (await readNewestRound(place, never))?.summary,
    },
    expected: ({ summary }) => summary,
  },
  {
    name: 'uploads/0.json',
    maxBytes: sizeLimits.checkpoint,
    key: () => controlKeys.upload(base, 0, 0),
    bytes: async ({ checkpoint }) => checkpointJson.bytes(checkpoint),
    readers: {
      'slice of a worker': async (place) => {
        const found = await readCheckpoint({ index: 0 }, { ...place, round: 0 }, never);
        return found && uploadOf(found.checkpoint);
      },
      'cleanUp of a worker': (place) => readLeftUpload(place, controlKeys.upload(base, 0, 0), never),
    },
    expected: ({ checkpoint }) => uploadOf(checkpoint),
    harmless: { 'slice of a worker': { key: '', uploadIds: [''], isCompleting: false } },
  },
  {
    name: 'findings',
    maxBytes: sizeLimits.findings,
    key: () => controlKeys.findings(base, 0, sha256),
    bytes: async ({ findings }) => findingsJson.bytes({ format: 1, ...findings }),
    readers: {
      worker: (place) =>
        readFindings({ unit: { index: 0 }, sha256 }, smallDefinition({ transform: skipping }).transform, place, never),
    },
    expected: ({ findings }) => findings,
  },
  {
    name: 'staged slice',
    maxBytes: sizeLimits.stagedSlice,
    key: ({ record, units }) => controlKeys.stagedSlice(base, 0, record.unitsDigest, slice(units.length)),
    bytes: stagedBytes,
    readers: {
      'worker and cli': async (place) => (await readStagedSlice(place, slice(place.record.layout.units), never)).units,
    },
    expected: ({ units }) => units,
  },
  {
    name: 'manifest',
    maxBytes: sizeLimits.manifest,
    key: () => controlKeys.manifest(base, 0, 0, sha256),
    bytes: async (migration) => gzipLines(sampleBlobs(migration)),
    readers: {
      cli: (place) =>
        readManifestBlobs(place, { digest: sha256, ref: controlKeys.manifest(base, 0, 0, sha256) }, never),
    },
    expected: sampleBlobs,
  },
  {
    name: 'unclaimed/<container>.json',
    maxBytes: sizeLimits.unclaimedContainer,
    key: () => controlKeys.unclaimedContainer(base, 0, containerId({ account: 'east', container: 'events' })),
    bytes: async (migration) => containerFindingsJson.bytes(sampleFindings(migration)),
    readers: {
      worker: (place) => readContainerFindings({ ...place, round: 0 }, { account: 'east', container: 'events' }, never),
      cli: async (place) => {
        for await (const findings of allContainerFindings({ ...place, round: 0 }, never)) return findings;
        return undefined;
      },
    },
    expected: sampleFindings,
  },
  {
    name: 'unclaimed/<container>-<token>.ndjson.gz',
    // It has no end that fits into memory, and is read line by line.
    maxBytes: lineBytesMax,
    key: () => listKey,
    bytes: async (migration) => gzipLines(sampleList(migration)),
    readers: {
      cli: async ({ control }) => {
        const blobs = [];
        for await (const blob of readUnclaimedList(control, listKey, never)) blobs.push(blob);
        return blobs;
      },
    },
    expected: sampleList,
  },
  {
    name: 'unclaimed.json',
    maxBytes: sizeLimits.unclaimed,
    key: () => controlKeys.unclaimed(base, 0),
    bytes: async (migration) => unclaimedJson.bytes(sampleUnclaimed(migration)),
    readers: { 'worker and cli': (place) => readUnclaimed({ ...place, round: 0 }, never) },
    expected: sampleUnclaimed,
  },
  {
    name: 'verification.json',
    maxBytes: sizeLimits.verification,
    key: () => controlKeys.verification(base, 0),
    bytes: async (migration) => verificationJson.bytes(sampleVerification(migration)),
    readers: { 'worker and cli': (place) => readVerification({ ...place, round: 0 }, never) },
    expected: sampleVerification,
  },
  {
    name: 'ledger',
    maxBytes: sizeLimits.ledger,
    key: ({ units }) => controlKeys.ledger(base, 0, slice(units.length)),
    bytes: async (migration) => {
      const lines = migration.receipts.map((receipt) => ({ type: 'receipt', ...receipt }) as const);
      return packLines([header(migration), claim, ...lines]);
    },
    readers: {
      cli: async (place) => {
        const ledger = await readLedger(place, slice(place.record.layout.units), never);
        return ledger && [...ledger.receipts.values()];
      },
      'sums of the cli': async (place) => {
        const all: Receipt[] = [];
        for await (const receipts of readReceipts(place, never)) all.push(...receipts);
        return all;
      },
      worker: async (place) => {
        const ledger = await claimLedger(place);
        const found = await readLedger(place, slice(place.record.layout.units), never);
        return ledger.existed ? [...(found?.receipts.values() ?? [])] : undefined;
      },
    },
    expected: ({ receipts }) => receipts,
  },
  {
    name: 'ledger of an attempt',
    sameAs: 'ledger',
    maxBytes: sizeLimits.ledger,
    key: ({ units }) => controlKeys.ledger(base, 0, slice(units.length)).replace('.ndjson.gz', '/1-before.ndjson.gz'),
    bytes: async (migration) => {
      const lines = migration.receipts.map((receipt) => ({ type: 'receipt', ...receipt }) as const);
      return packLines([header(migration), { ...claim, attempt: 1 }, ...lines]);
    },
    readers: {
      cli: async (place) => {
        const ledger = await readLedger(degraded(place), slice(place.record.layout.units), never);
        return ledger && [...ledger.receipts.values()];
      },
      worker: async (place) => {
        const ledger = await claimLedger(place, { degraded: true });
        const found = await readLedger(degraded(place), slice(place.record.layout.units), never);
        return ledger.existed ? [...(found?.receipts.values() ?? [])] : undefined;
      },
    },
    expected: ({ receipts }) => receipts,
  },
  {
    name: 'check/<token>/uploads.json',
    maxBytes: sizeLimits.checkNote,
    key: () => controlKeys.checkNote(checkBase),
    bytes: async (migration) => checkNoteJson.bytes(sampleNote(migration)),
    readers: { 'worker and cli': ({ control }) => readCheckNote(control, checkBase, never) },
    expected: sampleNote,
  },
];

const checkBase = controlKeys.check(base, '1000-token');

function sampleNote({ units }: Pick<StoredMigration, 'units'>): CheckNote {
  return { format: 1, uploads: units.map(({ id, key }) => ({ at: 'objects', key, uploadId: id })) };
}

/** The place of a migration whose target ignores conditions. */
function degraded(place: StagedPrefix): StagedPrefix {
  const { target, ...definition } = place.record.definition;
  const changed = { ...definition, target: { ...target, conditionalWrites: 'degraded' as const } };
  return { ...place, record: { ...place.record, definition: changed } };
}

function claimLedger(
  { control, record }: StagedPrefix,
  options: { readonly degraded?: boolean } = {},
): Promise<SliceLedger> {
  const { units } = record.layout;
  const of = { record, units: { length: units } } as StoredMigration;
  return SliceLedger.claim({
    ...{ store: control, key: controlKeys.ledger(base, 0, slice(units)), header: header(of), epoch: 1, signal: never },
    ...options,
    process: { token: 'p', sawDie: () => true },
    durableParts: async () => 0,
  });
}

function sampleBlobs({ units }: Pick<StoredMigration, 'units'>): readonly SourceBlob[] {
  return units.map(({ id, index }) => ({
    ...{ account: 'east', container: 'events', name: id, etag: `"${id}"`, bytes: index },
    md5: index % 2 === 0 ? null : id,
  }));
}

function sampleFindings({ units, summary }: StoredMigration): ContainerFindings {
  const [first] = units;
  const amount = { blobs: units.length, bytes: summary.total };
  return {
    ...{ format: 1, account: 'east', container: 'events', claimed: amount, unclaimed: amount, twice: amount, gone: 1 },
    shapes: units.map(({ id }) => ({ ...amount, shape: id, first: [id] })),
    firstTwice: units.map(({ id, index }) => ({ name: id, units: [index] })),
    firstGone: units.map(({ id }) => id),
    ...(units.length > 1 && { isMissing: true }),
    ...(first !== undefined && units.length > 2 && { list: first.id }),
  };
}

const listKey = controlKeys.unclaimedList(base, 0, 'container', 'token');

function sampleList({ units }: Pick<StoredMigration, 'units'>): readonly UnclaimedBlob[] {
  return units.map(({ id, index }) => ({ name: id, bytes: index, lastModified: '2024', units: [index, index + 1] }));
}

function sampleUnclaimed({ units, summary }: StoredMigration): UnclaimedRecord {
  return { format: 1, containers: units.length, unknownUnits: summary.total, endedAt: '2024-01-01T00:00:00.000Z' };
}

function sampleVerification({ units, summary }: StoredMigration): VerificationRecord {
  const amount = { objects: units.length, bytes: summary.total };
  const shapes = units.map(({ id }) => ({ shape: id, blobs: 1, bytes: 2, first: [id] }));
  return {
    ...{ format: 1, objects: units.length, intact: 0, readBack: amount, archived: 0 },
    differences: [{ class: 'VerifyMismatch/Missing', objects: units.length }],
    first: units.map(({ id, key }) => ({ id, key, class: 'VerifyMismatch/Missing', message: `${key}: gone` })),
    additional: { ...amount, prefixes: [{ prefix: 'a/', blobs: 1, bytes: 2, shapes, list: 'b' }] },
    endedAt: '2024-01-01T00:00:00.000Z',
  };
}

const skipping = { onCorrupt: 'skip-blob' } as const;

function uploadOf({ key, uploadId, earlier, completing }: UploadCheckpoint) {
  return { key, uploadIds: [uploadId, ...earlier], isCompleting: completing !== undefined };
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const count = fc.nat({ max: 1_000 });
const size = fc.maxSafeNat();
const hex = fc.constantFrom('0000000a', 'ffffffff');
const counts = fc.record({ done: count, found: count, empty: count, failed: count });
const tally = fc.record(
  {
    units: counts,
    blobs: fc.record({ done: count }),
    bytes: fc.record({ source: size, raw: size, target: size }),
    earlier: counts,
  },
  { requiredKeys: ['units', 'blobs', 'bytes'] },
);
const skipped = fc.record({ blob: text, class: fc.constant('CorruptInput' as const), message: text });
const noted = fc.record({ blobs: count, bytes: size, first: fc.array(text, { maxLength: 2 }) });

/** Any migration of a few units, with every optional field there or not. */
export const storedMigrations: fc.Arbitrary<StoredMigration> = fc
  .record({
    ids: fc.uniqueArray(text, { minLength: 1, maxLength: 6 }),
    record: fc.record(
      {
        id: fc.uuid(),
        fileDigest: hex,
        before: fc.record({ total: count, done: count, found: count, empty: count, failed: count }),
      },
      { requiredKeys: [] },
    ),
    owner: fc.record({ epoch: fc.integer({ min: 1, max: 99 }), cluster: text, namespace: text, rootRunId: text }),
    summary: fc.record({
      total: count,
      tally,
      phase: fc.constantFrom('completed' as const, 'completed-with-failures' as const),
    }),
    checkpoint: fc.record(
      {
        findings: fc.record({
          skipped: fc.array(skipped, { maxLength: 2 }),
          trailing: noted,
          asIs: noted,
          notes: fc.array(text),
        }),
        completing: fc.record({
          raw: fc.record({ bytes: size, sha256: hex, crc32: hex }),
          target: fc.record({ bytes: size, crc32: count }),
        }),
      },
      { requiredKeys: [] },
    ),
    upload: fc.record({ uploadId: text, earlier: fc.array(text, { maxLength: 3 }), parts: fc.nat({ max: 4 }) }),
    findings: fc.record({ skipped: fc.array(skipped, { maxLength: 3 }), notes: fc.array(text, { maxLength: 3 }) }),
    failed: fc.boolean(),
  })
  .map(({ ids, record, owner, summary, checkpoint, upload, findings, failed }) => {
    const units = ids.map((id, index) => ({ index, id, key: `orders/${id}`, fields: { id, '': id } }));
    const { parts, ...ofUpload } = upload;
    return {
      record: {
        ...{ format: 1, name: 'orders', round: 0, definition: smallDefinition({ transform: skipping }) },
        ...{ definitionDigest: 'd', unitsDigest: 'u', layout: planLayout(units.length), version: '0.1.0' },
        ...{ stagedAt: '2024-01-01T00:00:00.000Z', ...record },
      },
      owner: { format: 1, ...owner },
      summary: { format: 1, name: 'orders', round: 0, ...summary, startedAt: '2024', endedAt: '2025' },
      checkpoint: {
        ...{ format: 1, token: 't', seq: 3, key: 'orders/a', manifest: 'm', encoder: 'zlib 1 level 6', ...ofUpload },
        parts: Array.from({ length: parts }, (_, index) => ({
          number: index + 1,
          etag: '"e"',
          bytes: 9,
          crc32: 'AA==',
        })),
        position: {
          ...{ blob: 1, offset: 2, raw: { bytes: 3, crc32: 4, sha256State: 'AAAA' } },
          target: { bytes: 5, crc32: 6 },
        },
        ...checkpoint,
      },
      findings,
      units,
      receipts: units.map(({ index, id }) => ({
        ...smallReceipt(index, id),
        ...(failed && index === 0 ? ({ state: 'failed', class: 'CorruptInput', message: id } as const) : {}),
      })),
    };
  });

const known = new Map<string, Promise<ReadonlyMap<string, Buffer>>>();

/** Returns every record of a migration as it is stored, by its key. Nobody changes them. */
export function storedRecords(migration: StoredMigration): Promise<ReadonlyMap<string, Buffer>> {
  // With one seed, the properties of all kinds are given the same migrations.
  const text = JSON.stringify(migration);
  const records = known.get(text) ?? makeRecords(migration);
  known.set(text, records);
  return records;
}

async function makeRecords(migration: StoredMigration): Promise<ReadonlyMap<string, Buffer>> {
  const records = new Map<string, Buffer>();
  for (const { key, bytes } of recordKinds) records.set(key(migration), Buffer.from(await bytes(migration)));
  return records;
}

/** Returns a store of its own that holds these records of a migration. */
export function storeOf(
  { record }: StoredMigration,
  records: ReadonlyMap<string, Buffer>,
): StagedPrefix & { readonly control: MemoryControlStore } {
  const control = new MemoryControlStore();
  for (const [key, bytes] of records) control.objects.set(key, bytes);
  return { control, base, record };
}
