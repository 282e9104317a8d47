import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { quietRuntime } from '../servers/quiet-runtime.js';
import type { RecordedHistory } from './recorded-history.js';

/** Replays histories on the workflows of a bundle. Returns, for each in order, what went wrong, or undefined. */
export async function replayHistories(
  bundle: WorkflowBundleWithSourceMap,
  histories: readonly RecordedHistory[],
): Promise<readonly (Error | undefined)[]> {
  quietRuntime();
  const errors: (Error | undefined)[] = [];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) errors.push(error);
  if (errors.length === histories.length) return errors;
  throw new Error(`${String(errors.length)} of ${String(histories.length)} histories were replayed`);
}
