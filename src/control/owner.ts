import { z } from 'zod';
import { Failure } from '../domain/failure.js';
import { controlFormat, type OwnerRecord } from '../domain/stored/migration-record.js';
import { controlKeys } from './control-keys.js';
import type { ControlPrefix } from './control-prefix.js';
import { sizeLimits } from './size-limits.js';
import { readObject, writeObject } from './stored-object.js';
import { formatSchema, versionedJson } from './versioned-json.js';

/** A root run that wants to own a migration. */
export interface NewOwner {
  readonly cluster: string;
  readonly namespace: string;
  readonly rootRunId: string;
  /** Whether the root run is still open. */
  readonly isOpen: () => Promise<boolean>;
}

// Two roots at most take a migration over at the same time; the rest is for lost replies.
const attemptsMax = 8;

/**
 * Takes a migration over: writes `owner.json` with the next epoch and returns that epoch. For a root run that owns the
 * migration already it returns the same epoch and writes nothing, so it may be repeated. A write whose outcome is not
 * certain is settled by reading back.
 *
 * `isOpen` is asked between the read and the write that depends on it. A later root run starts only after this one has
 * closed: either it has written after our read, and our write is refused, or it has written before, and `isOpen` says
 * so. Fails with `Superseded` if this run has closed, so that what it left running takes nothing from a live one.
 */
export async function advanceEpoch(
  { control, base }: ControlPrefix,
  { cluster, namespace, rootRunId, isOpen }: NewOwner,
  signal: AbortSignal,
): Promise<number> {
  const key = controlKeys.owner(base);
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const present = await readStoredOwner({ control, base }, signal);
    if (present?.owner.rootRunId === rootRunId) return present.owner.epoch;
    if (!(await isOpen())) throw new Failure('Superseded', `the root run ${rootRunId} has closed`);
    const epoch = (present?.owner.epoch ?? 0) + 1;
    const bytes = ownerJson.bytes({ format: controlFormat, epoch, cluster, namespace, rootRunId });
    const condition = present === undefined ? 'absent' : { etag: present.etag };
    const outcome = await writeObject(control, { key, bytes, condition }, signal);
    if (outcome.state === 'written') return epoch;
  }
  throw new Failure('TargetRace', `${key} could not be written: others write it all the time, or no reply arrives`);
}

/** Returns who owns a migration; undefined if nobody ever has. */
export async function readOwner(place: ControlPrefix, signal: AbortSignal): Promise<OwnerRecord | undefined> {
  return (await readStoredOwner(place, signal))?.owner;
}

/** Fails with `Superseded` where a later root run has taken a migration over. */
export async function refuseIfSuperseded(place: ControlPrefix, epoch: number, signal: AbortSignal): Promise<void> {
  const owner = await readOwner(place, signal);
  if (owner === undefined)
    throw new Failure('LedgerLost', `${controlKeys.owner(place.base)} in the control bucket is gone`);
  if (owner.epoch > epoch)
    throw new Failure('Superseded', `epoch ${String(epoch)} was taken over by epoch ${String(owner.epoch)}`);
}

async function readStoredOwner(
  { control, base }: ControlPrefix,
  signal: AbortSignal,
): Promise<{ readonly owner: OwnerRecord; readonly etag: string } | undefined> {
  const key = controlKeys.owner(base);
  const object = await readObject(control, { key, maxBytes: sizeLimits.owner }, signal);
  return object && { owner: ownerJson.parse(object.bytes, key), etag: object.etag };
}

/** The form in which `owner.json` is stored. */
export const ownerJson = versionedJson<OwnerRecord>(
  'the owner of a migration',
  z.looseObject({
    format: formatSchema,
    epoch: z.int().min(1),
    cluster: z.string(),
    namespace: z.string(),
    rootRunId: z.string(),
  }),
);
