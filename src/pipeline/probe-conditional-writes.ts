import { randomUUID } from 'node:crypto';
import { controlKeys } from '../domain/control-keys.js';
import { Failure } from '../domain/failure.js';
import type { ControlStore, ControlWrite } from './control-store.js';

/**
 * Finds out whether a store honours conditional writes, by writing one small object twice with `If-None-Match: *` and once with a wrong
 * ETag. A store that says "written" to all of them would let two attempts overwrite each other: fails with `TargetCapability`.
 */
export async function probeConditionalWrites(store: ControlStore, base: string, signal: AbortSignal): Promise<void> {
  const key = controlKeys.probe(base, randomUUID());
  const bytes = Buffer.from('Longhaul probes conditional writes here and deletes this object again.\n');
  try {
    await store.write(key, bytes, 'absent', signal);
    refuse(await store.write(key, bytes, 'absent', signal), 'If-None-Match');
    refuse(await store.write(key, bytes, { etag: '"00000000000000000000000000000000"' }, signal), 'If-Match');
  } finally {
    await store.delete(key, AbortSignal.timeout(deletePatienceMs));
  }
}

const deletePatienceMs = 10_000;

function refuse(outcome: ControlWrite, condition: string): void {
  if (outcome.state !== 'written') return;
  throw new Failure('TargetCapability', `the store accepts a write whose ${condition} does not hold`);
}
