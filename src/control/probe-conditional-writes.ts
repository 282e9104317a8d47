import { randomUUID } from 'node:crypto';
import { controlKeys } from './control-keys.js';
import { Failure } from '../domain/failure.js';
import type { ControlStore, ControlWrite } from './control-store.js';
import { tryAgain } from '../flow/try-again.js';
import { deleteObject } from './stored-object.js';

/**
 * Checks that a store honours conditional writes, by writing one small object twice with `If-None-Match: *` and once
 * with a wrong ETag. Fails with `TargetCapability` if the store accepts all of them: two attempts could overwrite each
 * other.
 */
export async function probeConditionalWrites(store: ControlStore, base: string, signal: AbortSignal): Promise<void> {
  const key = controlKeys.probe(base, randomUUID());
  const bytes = Buffer.from('Longhaul probes conditional writes here and deletes this object again.\n');
  try {
    // Refused only if an earlier try of this write took effect. Then the object is there as well.
    await write('absent');
    refuse(await write('absent'), 'If-None-Match');
    refuse(await write({ etag: '"00000000000000000000000000000000"' }), 'If-Match');
  } finally {
    await deleteObject(store, key, AbortSignal.timeout(deletePatienceMs));
  }

  /** A lost reply proves nothing: the write is repeated until its outcome is certain. */
  function write(condition: Parameters<ControlStore['write']>[2]): Promise<ControlWrite> {
    return tryAgain(async () => {
      const outcome = await store.write(key, bytes, condition, signal);
      if (outcome.state !== 'unknown') return outcome;
      throw new Failure('TargetUnknownOutcome', `${key}: the reply to a write was lost`, { cause: outcome.cause });
    }, signal);
  }
}

const deletePatienceMs = 10_000;

function refuse(outcome: ControlWrite, condition: string): void {
  if (outcome.state !== 'written') return;
  throw new Failure('TargetCapability', `the store accepts a write whose ${condition} does not hold`);
}
