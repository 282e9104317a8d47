import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { ProxiedRequest } from '../faults/fault-proxy.js';
import { ledgerWrites } from '../faults/ledger-writes.js';
import { PutGate } from '../faults/put-gate.js';
import { repeatedReads } from '../faults/repeated-reads.js';
import { expectRightOutcome } from '../faults/right-outcome.js';
import { repeatMigration, type GeneratedMigration } from '../migrations/generated-migration.js';
import { watchMigration } from '../programs/await-migration.js';
import { listKeys, readObject } from '../programs/target-objects.js';
import { until } from '../until.js';
import type { Cluster } from './start-cluster.js';

/** A fault that has been played. Times are from `performance.now()`. */
export interface PlayedFault {
  /** When it began. */
  readonly atMs: number;
  /** When everything was back; undefined if something stayed away. */
  readonly backMs?: number;
  /** When workers died, or were known to have stopped for good. */
  readonly deathsMs?: readonly number[];
}

/** What is known while a fault is played: a third of the units is stored, and the next ones are about to be. */
export interface FaultMoment {
  readonly migration: GeneratedMigration;
  /** Lets the migration continue, optionally with slow puts. Happens by itself once the fault has been played. */
  readonly goOn: (putMs?: number) => void;
  /** Returns the slices that were open when the fault began and that another attempt has claimed since. */
  readonly takenOver: (sinceMs: number) => readonly number[];
}

/** What was seen of a fault, for the report. */
export interface SeenFault {
  readonly slicesOpen: number;
  /** Seconds from the fault until the last of the slices that others took over was claimed. */
  readonly takenOver: readonly number[];
  /** Seconds from the fault until the next object was stored, and until the next slice began. */
  readonly nextObject: number;
  readonly nextSlice: number | undefined;
  readonly back: number | undefined;
}

/**
 * Moves the data of an undisturbed migration once more under another name, and plays a fault in the middle. Expects
 * that it completes by itself, with right figures, the same bytes under each key, and no finished unit read again.
 */
export async function playFault(
  { stack, stores, s3 }: Pick<Cluster, 'stack' | 'stores' | 's3'>,
  undisturbed: GeneratedMigration,
  name: string,
  play: (moment: FaultMoment) => Promise<PlayedFault>,
): Promise<SeenFault> {
  const migration = await repeatMigration(stack, undisturbed, name);
  const first = stores.requests.length;
  const requests = (): readonly ProxiedRequest[] =>
    stores.requests.slice(first).filter(({ path }) => !path.includes('/.longhaul/') || path.includes(`/${name}/`));
  const gate = new PutGate(stores, migration);
  const third = Math.floor(migration.expected.length / 3);
  gate.holdFrom(third);
  const watched = watchMigration(stack, migration);
  await until('a third of the units is stored', () => gate.stored >= third);
  const played = await play({
    migration,
    goOn(putMs) {
      gate.release();
      if (putMs === undefined) return;
      stores.target.plan = ({ kind }) => (kind === 'put object' ? { kind: 'latency', ms: putMs } : undefined);
    },
    takenOver: (sinceMs) => takeovers(requests(), sinceMs),
  });
  gate.release();
  await watched.ended();
  stores.target.plan = () => undefined;

  await expectRightOutcome(s3, migration);
  expect(await storedBytes(s3, migration)).toEqual(await storedBytes(s3, undisturbed));
  expect(repeatedReads(migration, requests(), played.deathsMs ?? [])).toEqual([]);
  const seconds = (ms: number): number => (ms - played.atMs) / 1_000;
  const next = requests().find(
    ({ kind, status, arrivedMs }) => kind === 'put object' && status === 200 && arrivedMs > played.atMs,
  );
  const nextClaim = ledgerWrites(requests()).find(({ kind, arrivedMs }) => kind === 'claim' && arrivedMs > played.atMs);
  return {
    slicesOpen: openSlices(requests(), played.atMs).size,
    takenOver: takeovers(requests(), played.atMs).map(seconds),
    nextObject: seconds(next?.repliedMs ?? Number.NaN),
    nextSlice: nextClaim === undefined ? undefined : seconds(nextClaim.acceptedMs),
    back: played.backMs === undefined ? undefined : seconds(played.backMs),
  };
}

/** Digests what is stored under each key, without unpacking it. */
async function storedBytes(s3: S3Client, { bucket }: GeneratedMigration): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const key of await listKeys(s3, bucket, 'units/')) {
    const { bytes } = await readObject(s3, bucket, key);
    digests.set(key, createHash('sha256').update(bytes).digest('hex'));
  }
  return digests;
}

/** When each slice that was open at a moment was claimed again, for those that were, in order. */
function takeovers(requests: readonly ProxiedRequest[], atMs: number): readonly number[] {
  const open = openSlices(requests, atMs);
  const again = new Map<string, number>();
  for (const { ledger, kind, arrivedMs } of ledgerWrites(requests)) {
    if (kind === 'claim' && arrivedMs > atMs && open.has(ledger) && !again.has(ledger)) again.set(ledger, arrivedMs);
  }
  return [...again.values()];
}

function openSlices(requests: readonly ProxiedRequest[], atMs: number): ReadonlySet<string> {
  const open = new Set<string>();
  for (const { ledger, kind, acceptedMs } of ledgerWrites(requests)) {
    if (acceptedMs > atMs) break;
    if (kind === 'close') open.delete(ledger);
    else open.add(ledger);
  }
  return open;
}
