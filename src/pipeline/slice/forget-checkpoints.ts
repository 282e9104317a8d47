import { deleteCheckpoint } from '../../control/checkpoint.js';
import { controlRound } from '../../control/control-prefix.js';
import type { Receipt } from '../../domain/receipt.js';
import type { SliceJob } from './slice-job.js';

/**
 * Deletes the checkpoints of uploaded units whose receipts are flushed. That of a unit which failed, or whose object
 * was there already, is left to `cleanUp`: its upload may be open, and is aborted then.
 */
export async function forgetCheckpoints(
  flushed: readonly Receipt[],
  { resources }: Pick<SliceJob, 'resources'>,
  signal: AbortSignal,
): Promise<void> {
  const place = controlRound(resources);
  const uploaded = flushed.filter(({ state, target }) => state === 'done' && target !== undefined && target.parts > 1);
  for (const { index } of uploaded) await deleteCheckpoint(index, place, signal);
}
