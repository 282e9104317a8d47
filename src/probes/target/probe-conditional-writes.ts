import { randomUUID } from 'node:crypto';
import { controlKeys } from '../../control/control-keys.js';
import type { ControlStore, ControlWrite } from '../../control/control-store.js';
import { deleteObject, overwriteObject, readObject } from '../../control/stored-object.js';
import { Failure } from '../../domain/failure.js';
import { tryAgain } from '../../flow/try-again.js';

/**
 * Checks that a store honours conditional writes. Fails with `TargetCapability` if it does not: two attempts could
 * overwrite each other.
 */
export async function probeConditionalWrites(store: ControlStore, base: string, signal: AbortSignal): Promise<void> {
  await probePutIfAbsent(store, base, signal);
  await probePutIfMatch(store, base, signal);
}

/** Checks `If-None-Match: *`, by writing one small object twice. */
export async function probePutIfAbsent(store: ControlStore, base: string, signal: AbortSignal): Promise<void> {
  await withObject(store, base, async (key) => {
    // Refused only if an earlier try of this write took effect. Then the object is there as well.
    await writeOnce(store, { key, bytes: original, condition: 'absent' }, signal);
    refuse(await writeOnce(store, { key, bytes: original, condition: 'absent' }, signal), 'If-None-Match');
  });
}

/** Checks `If-Match`, by replacing a small object with a wrong ETag, and then with its own. */
export async function probePutIfMatch(store: ControlStore, base: string, signal: AbortSignal): Promise<void> {
  await withObject(store, base, async (key) => {
    await overwriteObject(store, { key, bytes: original }, signal);
    const wrong = { etag: '"00000000000000000000000000000000"' };
    refuse(await writeOnce(store, { key, bytes: replacement, condition: wrong }, signal), 'If-Match');
    const present = await readObject(store, { key, maxBytes }, signal);
    if (present === undefined) throw new Failure('TargetCapability', 'the store does not show an object just written');
    await writeOnce(store, { key, bytes: replacement, condition: { etag: present.etag } }, signal);
    // Its answer proves nothing: a repeated write is refused if the reply to the first one was lost.
    const left = await readObject(store, { key, maxBytes }, signal);
    if (left !== undefined && Buffer.compare(left.bytes, replacement) === 0) return;
    throw new Failure('TargetCapability', 'the store refuses a write whose If-Match holds');
  });
}

const original = Buffer.from('Longhaul probes conditional writes here and deletes this object again.\n');
const replacement = Buffer.from('Longhaul has replaced the object of a probe.\n');
const maxBytes = 1_000;
const deletePatienceMs = 10_000;

async function withObject(store: ControlStore, base: string, use: (key: string) => Promise<void>): Promise<void> {
  const key = controlKeys.probe(base, randomUUID());
  try {
    await use(key);
  } finally {
    await deleteObject(store, key, AbortSignal.timeout(deletePatienceMs));
  }
}

/** A lost reply proves nothing: the write is repeated until its outcome is certain. */
function writeOnce(
  store: ControlStore,
  write: {
    readonly key: string;
    readonly bytes: Uint8Array;
    readonly condition: Parameters<ControlStore['write']>[2];
  },
  signal: AbortSignal,
): Promise<ControlWrite> {
  const { key, bytes, condition } = write;
  return tryAgain(async () => {
    const outcome = await store.write(key, bytes, condition, signal);
    if (outcome.state !== 'unknown') return outcome;
    throw new Failure('TargetUnknownOutcome', `${key}: the reply to a write was lost`, { cause: outcome.cause });
  }, signal);
}

function refuse(outcome: ControlWrite, condition: string): void {
  if (outcome.state !== 'written') return;
  throw new Failure('TargetCapability', `the store accepts a write whose ${condition} does not hold`);
}
