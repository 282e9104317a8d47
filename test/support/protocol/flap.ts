import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { resumeUpdate } from '../../../src/workflows/operator-messages.js';
import { layoutOf, runFakeMigration, type FakeRun } from '../fakes/fake-migration.js';
import { tallyOf } from '../fakes/tally-of.js';
import { until } from '../until.js';

/** What a migration of flaps has cost. */
export interface FlapRun extends FakeRun {
  readonly rootEvents: number;
  /** Longest history of a run of a partition, at its end. */
  readonly partitionEvents: number;
  /** How many more events the root had after a flap that nobody reported to it. */
  readonly eventsUntold: number;
}

/**
 * Runs a migration on a real server while its account comes and goes. At each flap every partition moves one unit and
 * meets the refusal again. The first flap is found by the partitions' own canaries; all others by those that a `resume`
 * sends at once.
 */
export async function runFlaps(env: TestWorkflowEnvironment, partitions: number, flaps: number): Promise<FlapRun> {
  const moved = new Map<number, number>();
  const refused = new Set<number>();
  let unlocked = 0;
  let eventsUntold = Number.NaN;
  const run = await runFakeMigration(
    env,
    {
      layout: layoutOf(partitions, 1, flaps),
      moveSlice: async ({ partition }) => {
        const done = moved.get(partition) ?? 0;
        if (done < unlocked) {
          moved.set(partition, done + 1);
          return { state: done + 1 === flaps ? 'complete' : 'partial', tally: tallyOf(done + 1) };
        }
        refused.add(partition);
        const deferred = flaps - done;
        return {
          state: 'blocked',
          tally: tallyOf(done),
          what: 'account east',
          class: 'SourceAuth',
          message: 'no',
          deferred,
        };
      },
    },
    async (handle) => {
      const events = async () => (await handle.describe()).historyLength;
      for (let flap = 0; flap < flaps; flap += 1) {
        await until(`all are refused at flap ${flap}`, () => refused.size === partitions);
        refused.clear();
        const before = await events();
        unlocked += 1;
        if (flap > 0) await handle.executeUpdate(resumeUpdate, { args: [{}] });
        else {
          await until('all canaries have got through', () => moved.size === partitions);
          eventsUntold = (await events()) - before;
        }
      }
    },
  );
  const lengths = await Promise.all(
    Array.from({ length: partitions }, async (_, number) => {
      const id = `${run.handle.workflowId}/r0000/p${String(number).padStart(4, '0')}`;
      return (await env.client.workflow.getHandle(id).describe()).historyLength;
    }),
  );
  const { historyLength } = await run.handle.describe();
  return { ...run, rootEvents: historyLength, partitionEvents: Math.max(...lengths), eventsUntold };
}
