import { appendFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootWorkflowId } from '../../src/domain/ids.js';
import { blobReads, sourceRequests } from '../support/servers/access-log.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { startStack, type StartedStack } from '../support/servers/start-stack.js';
import { readReceipts } from '../support/programs/target-objects.js';
import { until } from '../support/until.js';

interface Status {
  readonly phase: string;
  readonly runId: string;
  readonly units: { readonly total: number; readonly done: number };
}

// PENDING_ACTIVITY_STATE_PAUSED of the API. The SDK exports no name for it.
const pausedState = 4;

describe("the Web UI's buttons", () => {
  const namespace = 'default';
  const units = 160;
  let own: StartedStack;
  let s3: ReturnType<typeof s3Client>;
  let connection: Connection;
  let client: Client;
  let migration: GeneratedMigration;

  beforeAll(async () => {
    own = await startStack();
    s3 = s3Client(own.stack);
    migration = await generateMigration(own.stack, 'buttons', { units, seed: 9, bigUnitRawBytes: 0 });
    // Slow enough that every button finds slices at work.
    const speed = 'heartbeatTimeout: 10s\n  unitsInFlight: 2\n  bytesPerSecond: 150KB';
    await appendFile(migration.migrationPath, `\nspeed:\n  ${speed}\n`);
    connection = await Connection.connect({ address: own.stack.environment['TEMPORAL_ADDRESS'] ?? '' });
    client = new Client({ connection, namespace });
  }, 300_000);
  afterAll(async () => {
    await connection.close();
    s3.destroy();
    await own.end();
  });

  const root = () => client.workflow.getHandle(rootWorkflowId('buttons'));
  const status = async () => (await runLonghaulJson<Status>(['status', 'buttons'], own.stack.environment)).document;
  const phaseIs = (phase: string) => until(`the migration is ${phase}`, async () => (await status()).phase === phase);
  const receipts = async () => (await readReceipts(s3, migration.bucket, 'buttons')).map(({ id }) => String(id));
  const moreReceipts = async (than: readonly string[]) =>
    until(`more than ${String(than.length)} units have a receipt`, async () => (await receipts()).length > than.length);

  /** Returns a partition with a running slice, and the activity of that slice. */
  async function runningSlice() {
    for (;;) {
      for await (const info of client.workflow.list({
        query: `LonghaulMigration = 'buttons' AND LonghaulLevel = 'partition' AND ExecutionStatus = 'Running'`,
      })) {
        const { raw } = await client.workflow.getHandle(info.workflowId).describe();
        const [slice] = raw.pendingActivities ?? [];
        if (slice?.activityId != null && slice.lastStartedTime != null) {
          return { execution: { workflowId: info.workflowId }, id: slice.activityId };
        }
      }
    }
  }

  /**
   * Pauses a slice and returns it once it has handed back. If it ended before it heard of the pause, pauses another.
   */
  async function pausedSlice() {
    for (;;) {
      const slice = await runningSlice();
      await connection.workflowService.pauseActivity({ namespace, ...slice, identity: 'the Web UI' });
      const stateNow = async () => {
        const { raw } = await client.workflow.getHandle(slice.execution.workflowId).describe();
        return raw.pendingActivities?.find(({ activityId }) => activityId === slice.id)?.state as number | undefined;
      };
      let state = await stateNow();
      await until('the slice is paused or done', async () => {
        state = await stateNow();
        return state === undefined || state === pausedState;
      });
      if (state === pausedState) return slice;
    }
  }

  it('pause, unpause, reset and terminate lose nothing, and nothing finished is moved again', async () => {
    const started = await runLonghaul(['start', migration.migrationPath], own.stack.environment);
    expect(started.exitCode, started.stderr).toBe(0);
    await moreReceipts([]);

    await root().executeUpdate('pause', { args: [{ mode: 'now' }] });
    await phaseIs('paused');
    const paused = await receipts();
    await root().executeUpdate('resume', { args: [{}] });
    await moreReceipts(paused);

    // One slice is paused on its own: it hands back and waits while the others continue.
    const slice = await pausedSlice();
    await connection.workflowService.unpauseActivity({ namespace, ...slice, identity: 'the Web UI' });

    const other = await runningSlice();
    await connection.workflowService.resetActivity({ namespace, ...other, identity: 'the Web UI' });

    // Reset to its beginning: a new run that takes the migration over.
    const beforeReset = await receipts();
    const readsBeforeReset = blobReads(sourceRequests(own.stack)).length;
    const { runId } = await status();
    await connection.workflowService.resetWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: rootWorkflowId('buttons'), runId },
      reason: 'a button',
      // The first workflow task. The type wants a 64-bit number; the wire accepts any.
      workflowTaskFinishEventId: 4 as never,
      requestId: 'reset-once',
    });
    await moreReceipts(beforeReset);

    await root().terminate('a button');
    await phaseIs('failed');
    const atEnd = await receipts();
    expect(atEnd.length).toBeLessThan(units);
    const resumed = await runLonghaul(['resume', 'buttons'], own.stack.environment);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    await root().executeUpdate('tune', { args: [{ bytesPerSecond: 1_000_000_000 }] });
    const watched = await runLonghaulJson<Status>(['watch', 'buttons'], own.stack.environment);
    expect(watched.document).toMatchObject({ phase: 'completed', units: { total: units, done: units } });

    await expectRightOutcome(s3, migration);
    const proven = new Set(beforeReset);
    const provenBlobs = new Set(
      migration.expected
        .filter(({ id }) => proven.has(id))
        .flatMap(({ wantedBlobNames }) => wantedBlobNames)
        .map(({ account, container, name }) => `/prod${account}/${container}/${name}`),
    );
    const readAgain = blobReads(sourceRequests(own.stack)).slice(readsBeforeReset);
    expect(readAgain.filter((path) => provenBlobs.has(path))).toEqual([]);
  });
});
