import { Failure } from '../../../domain/failure.js';
import type { ExploreProgress } from '../../../explore/exploration.js';
import { CommandError, Interrupted } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import { noWorkersMessage } from '../../migration/no-workers.js';
import type { CommandContext } from '../../ports/context.js';
import type { ExplorationRun } from '../../ports/temporal-explorations.js';
import type { TemporalPort } from '../../ports/temporal-port.js';
import { formatBytes, formatCount } from '../../../domain/text/format.js';
import { type ProgressView, sentenceFrame } from '../../screen/progress-view.js';

const lookEveryMs = 1_000;
// A worker picks up a workflow within a second or so.
const noWorkersAfterMs = 30_000;

/**
 * Follows an exploration to its end and returns its result. Rejects with the failure of the worker, with status 6 if no
 * worker picks it up, with status 8 if somebody else cancelled it. If the user interrupts, it is cancelled.
 */
export async function followExploration<Result>(
  context: Pick<CommandContext, 'now' | 'sleep' | 'signal'>,
  temporal: Pick<TemporalPort, 'isPolled' | 'taskQueue'>,
  { run, view, doing }: { readonly run: ExplorationRun<Result>; readonly view: ProgressView; readonly doing: string },
): Promise<Result> {
  const startedMs = context.now();
  try {
    for (;;) {
      const state = await run.look();
      if (state.state === 'completed') return state.result;
      if (state.state === 'cancelled') throw new CommandError(exitStatus.cancelled, `${run.workflowId} was cancelled`);
      if (state.state === 'failed') throw new Failure(state.class, `${doing} failed: ${state.message}`);
      if (!state.isBegun && context.now() - startedMs >= noWorkersAfterMs && !(await temporal.isPolled())) {
        await run.cancel();
        throw new CommandError(exitStatus.unreachable, `${doing} failed: ${noWorkersMessage(temporal.taskQueue)}`, {
          next: 'start `longhaul-worker` with the same TEMPORAL_* and LONGHAUL_TASK_QUEUE, and explore again',
        });
      }
      view.show(
        sentenceFrame(
          state.isBegun
            ? progressText(state.progress, state.waitsFor)
            : `waiting for a worker of task queue ${temporal.taskQueue}`,
        ),
      );
      await context.sleep(lookEveryMs, context.signal);
    }
  } catch (error) {
    if (error instanceof Interrupted) await run.cancel();
    throw error;
  }
}

function progressText(progress: ExploreProgress | null, waitsFor: string | null): string {
  if (waitsFor !== null) return `waiting, tried again by itself: ${waitsFor}`;
  if (progress === null) return 'listing';
  const { containers, blobs, bytes, current } = progress;
  const seen = `${formatCount(blobs)} blobs, ${formatBytes(bytes)} in ${counted(containers, 'container')}`;
  return current === null ? 'listing' : `listing ${current}: ${seen}`;
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}
