import { controlKeys } from './control-keys.js';
import { Failure } from '../domain/failure.js';
import { controlFormat, type OwnerRecord } from '../domain/migration-record.js';
import type { ControlStore } from './control-store.js';

/** Who takes a migration over. */
export interface NewOwner {
  readonly cluster: string;
  readonly namespace: string;
  readonly rootRunId: string;
}

// Two roots at most take a migration over at the same time; the rest is for lost replies.
const attemptsMax = 8;

/**
 * Takes a migration over: writes `owner.json` with the next epoch and gives that epoch. For a root run that owns it already it gives the
 * same epoch and writes nothing, so it may be repeated. A write whose outcome is not certain is settled by reading back.
 */
export async function advanceEpoch(
  store: ControlStore,
  base: string,
  owner: NewOwner,
  signal: AbortSignal,
): Promise<number> {
  const key = controlKeys.owner(base);
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const object = await store.read(key, signal);
    const present = object === undefined ? undefined : parseOwner(key, object.bytes);
    if (present?.rootRunId === owner.rootRunId) return present.epoch;
    const { cluster, namespace, rootRunId } = owner;
    const next: OwnerRecord = {
      format: controlFormat,
      epoch: (present?.epoch ?? 0) + 1,
      cluster,
      namespace,
      rootRunId,
    };
    const bytes = Buffer.from(JSON.stringify(next));
    const outcome = await store.write(key, bytes, object === undefined ? 'absent' : { etag: object.etag }, signal);
    if (outcome.state === 'written') return next.epoch;
  }
  throw new Failure('TargetRace', `${key} could not be written: others write it all the time, or no reply arrives`);
}

/** Reads which epoch owns a migration now. */
async function readEpoch(store: ControlStore, base: string, signal: AbortSignal): Promise<number> {
  const key = controlKeys.owner(base);
  const object = await store.read(key, signal);
  if (object === undefined) throw new Failure('LedgerLost', `${key} is gone`);
  return parseOwner(key, object.bytes).epoch;
}

/** Fails with `Superseded` where a later root run has taken a migration over. */
export async function refuseIfSuperseded(
  store: ControlStore,
  base: string,
  epoch: number,
  signal: AbortSignal,
): Promise<void> {
  const newest = await readEpoch(store, base, signal);
  if (newest > epoch) {
    throw new Failure('Superseded', `epoch ${String(epoch)} was taken over by epoch ${String(newest)}`);
  }
}

function parseOwner(key: string, bytes: Uint8Array): OwnerRecord {
  const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as OwnerRecord;
  if (record.format > controlFormat) {
    throw new Failure(
      'FormatTooNew',
      `${key} has format ${String(record.format)}, this is for ${String(controlFormat)}`,
    );
  }
  return record;
}
