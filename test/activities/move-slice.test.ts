import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { beforeEach, describe, expect, test } from 'vitest';
import type { OpenMigration } from '../../src/activities/activity-dependencies.js';
import { createMoveSlice } from '../../src/activities/move-slice-activity.js';
import { Failure } from '../../src/domain/failure.js';
import type { SliceBeat, SliceResult } from '../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../src/domain/figures/tally.js';
import { RequestPace } from '../../src/flow/request-pace.js';
import { BytePace } from '../../src/flow/byte-pace.js';
import type { SliceJob } from '../../src/pipeline/slice/slice-job.js';
import { createProcessResources } from '../../src/flow/process-resources.js';
import { tallyOf } from '../support/fakes/tally-of.js';
import { mockActivity } from '../support/fakes/mock-activity.js';

const input = {
  control: { name: 'orders', bucket: 'b', prefix: '.longhaul', s3: {} },
  revision: 0,
  task: { epoch: 1, round: 0, partition: 7, slice: 3, firstUnit: 15_500, units: 500 },
};
const partial: SliceResult = { state: 'partial', tally: tallyOf(12) };

const onePieceSource = {
  async *open() {
    yield Buffer.from('five!');
  },
};

const openedMigration = async (): Promise<OpenMigration> => ({
  resources: { record: { definition: { accounts: {}, speed: { unitsInFlight: 7 } } }, source: onePieceSource } as never,
  probeAccount: async () => {},
  credentialEnds: async () => [{ what: 'account east', endsAt: '2026-02-01T00:00:00.000Z' }],
  withControlTarget: () => Promise.reject(new Error('a slice probes nothing')),
});

function activityOf(
  moveSlice: (run: SliceJob) => Promise<SliceResult>,
  pace: BytePace = new BytePace(() => undefined),
  openMigration: () => Promise<OpenMigration> = openedMigration,
) {
  return createMoveSlice({
    openMigration,
    moveSlice,
    process: createProcessResources({}),
    directives: {
      watch: async () => ({
        ...{ control: { draining: false }, pace, requestPace: () => new RequestPace(() => undefined) },
        ...{ units: (move) => move(), stop: () => {} },
      }),
    },
    buildInfo: 'longhaul 0.0.0',
    redact: (text) => text.replaceAll('canary', '[redacted]'),
    noteBlocked: (partition) => void noted.push(partition),
  });
}

/** The partitions of which a slice was refused. */
const noted: string[] = [];
beforeEach(() => void noted.splice(0));
const inPartition = { workflowExecution: { workflowId: 'migration/orders/0/p0007', runId: 'run' } };

const beat = (done: number, extra: Partial<SliceBeat> = {}): SliceBeat => ({
  v: 1,
  slice: 'p0007/s0003',
  range: 'units 15500–15999',
  phase: 'moving',
  done,
  failed: 0,
  deferred: 0,
  of: 500,
  inFlight: { count: 0, indexes: [] },
  tally: tallyOf(done),
  ...extra,
});

/** Runs the activity, cancels it once it moves, and returns how it ended and its heartbeats. */
async function cancelled(
  details: ConstructorParameters<typeof ActivityCancellationDetails>[0],
  afterAbort: (signal: AbortSignal) => Promise<SliceResult>,
) {
  const env = mockActivity();
  const beats: SliceBeat[] = [];
  env.on('heartbeat', (details: SliceBeat) => beats.push(details));
  const activity = activityOf(async (run) => {
    run.beat(beat(12));
    env.cancel('CANCELLED', new ActivityCancellationDetails(details));
    return afterAbort(run.signal);
  });
  const outcome = await env.run(activity, input).then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  return { ...outcome, beats, reason: env.context.cancellationSignal.reason as unknown };
}

const abortError = () => Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });

describe('moveSlice', () => {
  test('reads source bytes at the pace that is wanted', async () => {
    const taken: number[] = [];
    const pace = new BytePace(() => undefined);
    pace.take = async (bytes) => void taken.push(bytes);
    const activity = activityOf(async ({ resources, signal }) => {
      for await (const piece of resources.source.open({} as never, signal)) expect(piece).toHaveLength(5);
      return partial;
    }, pace);
    await mockActivity().run(activity, input);
    expect(taken).toEqual([5]);
  });

  test('returns what the pipeline returns', async () => {
    const result: SliceResult = { state: 'complete', tally: tallyOf(500) };
    await expect(
      mockActivity().run(
        activityOf(async () => result),
        input,
      ),
    ).resolves.toEqual(result);
  });

  test('hands back the part when asked to stop', async () => {
    const { result } = await cancelled({ cancelRequested: true }, async () => partial);
    expect(result).toEqual(partial);
  });

  test.each(['paused', 'reset', 'timedOut', 'notFound'] as const)(
    'interrupted because of %s, throws the reason of its signal and returns no part',
    async (why) => {
      const { error, reason } = await cancelled({ [why]: true }, async () => partial);
      expect(error).toBeInstanceOf(CancelledFailure);
      expect(error).toBe(reason);
    },
  );

  test.each([async () => partial, async () => Promise.reject(abortError())])(
    'interrupted by a shutdown, asks for another attempt soon, however many there were: %#',
    async (afterAbort) => {
      const { error } = await cancelled({ workerShutdown: true }, afterAbort);
      expect(error).toBeInstanceOf(ApplicationFailure);
      expect(error).toMatchObject({ type: 'WorkerShutdown', nonRetryable: false, nextRetryDelay: '1 second' });
    },
  );

  test.each(['cancelRequested', 'paused', 'reset', 'timedOut', 'notFound'] as const)(
    'never lets an AbortError escape: %s',
    async (why) => {
      const { error, reason } = await cancelled({ [why]: true }, async () => {
        throw abortError();
      });
      expect(error).toBe(reason);
    },
  );

  test('does not hand a part back to a partition that no longer awaits it', async () => {
    const { error, reason } = await cancelled({ cancelRequested: true, notFound: true }, async () => partial);
    expect(error).toBe(reason);
  });

  test('returns its result if it was complete when the shutdown came', async () => {
    const complete: SliceResult = { state: 'complete', tally: tallyOf(500) };
    const { result } = await cancelled({ workerShutdown: true }, async () => complete);
    expect(result).toEqual(complete);
  });

  test('sends a heartbeat with its newest figures before it throws', async () => {
    const env = mockActivity();
    const beats: SliceBeat[] = [];
    env.on('heartbeat', (details: SliceBeat) => beats.push(details));
    const failing = activityOf(async (run) => {
      run.beat(beat(77));
      throw new Failure('Stalled', 'no byte moved');
    });
    await expect(env.run(failing, input)).rejects.toThrow(ApplicationFailure);
    expect(beats.at(-1)?.done).toBe(77);
    const { beats: afterShutdown } = await cancelled({ workerShutdown: true }, async () => partial);
    expect(afterShutdown.at(-1)?.done).toBe(12);
  });

  test('begins with a heartbeat of the figures of the previous attempt', async () => {
    const env = mockActivity({ heartbeatDetails: beat(40, { phase: 'moving' }) });
    const beats: SliceBeat[] = [];
    env.on('heartbeat', (details: SliceBeat) => beats.push(details));
    await env.run(
      activityOf(async () => partial),
      input,
    );
    expect(beats[0]).toMatchObject({ phase: 'claiming', done: 40, tally: tallyOf(40), slice: 'p0007/s0003' });
  });

  test.each([[undefined], [null], ['text'], [{ v: 2, slice: 'p0007/s0003' }], [beat(40, { slice: 'p0007/s0004' })]])(
    'begins from zero when the previous heartbeat is not its own: %j',
    async (heartbeatDetails) => {
      const env = mockActivity({ heartbeatDetails });
      const beats: SliceBeat[] = [];
      env.on('heartbeat', (details: SliceBeat) => beats.push(details));
      await env.run(
        activityOf(async () => partial),
        input,
      );
      expect(beats[0]).toMatchObject({ done: 0, tally: emptyTally });
    },
  );

  test('sends heartbeats of at most 4 KiB', async () => {
    const env = mockActivity();
    const beats: SliceBeat[] = [];
    env.on('heartbeat', (details: SliceBeat) => beats.push(details));
    const activity = activityOf(async (run) => {
      const indexes = Array.from({ length: 2_000 }, (_, index) => 1_000_000 + index);
      const waitsFor = { what: 'account east', class: 'SourceAuth', message: 'm'.repeat(5_000) } as const;
      const waits = { what: 'target archive', class: 'TargetNetwork', message: 'm'.repeat(5_000) } as const;
      const waiting = Array.from({ length: 3 }, () => ({ ...waits, since: '2026-01-01T00:00:00.000Z', units: 7 }));
      run.beat(beat(1, { inFlight: { count: 2_000, indexes }, waitsFor, waiting }));
      throw new Failure('Stalled', 'no byte moved');
    });
    await expect(env.run(activity, input)).rejects.toThrow();
    expect(JSON.stringify(beats.at(-1)).length).toBeLessThanOrEqual(4_096);
    expect(beats.at(-1)).toMatchObject({ done: 1, inFlight: { count: 2_000 }, waitsFor: { what: 'account east' } });
  });

  test('reports when the credentials of its process end', async () => {
    const env = mockActivity();
    const beats: SliceBeat[] = [];
    env.on('heartbeat', (details: SliceBeat) => beats.push(details));
    const activity = activityOf(async (run) => {
      run.beat(beat(1));
      await Promise.resolve();
      run.beat(beat(2));
      throw new Failure('Stalled', 'no byte moved');
    });
    await expect(env.run(activity, input)).rejects.toThrow();
    expect(beats.at(-1)?.credentials).toEqual([{ what: 'account east', endsAt: '2026-02-01T00:00:00.000Z' }]);
  });

  test('is blocked when the stores of the migration cannot be opened', async () => {
    const failure = new Failure('ConfigError/Endpoint', 'the endpoint of canary is refused', {
      what: 'target archive',
    });
    const opening = activityOf(
      async () => partial,
      new BytePace(() => undefined),
      () => Promise.reject(failure),
    );
    expect(await mockActivity(inPartition).run(opening, input)).toEqual({
      ...{ state: 'blocked', what: 'target archive', class: 'ConfigError/Endpoint', deferred: 500, tally: emptyTally },
      message: 'the endpoint of [redacted] is refused',
    });
    expect(noted).toEqual(['migration/orders/0/p0007']);
  });

  test('notes its partition when it is refused, and not when it ends in another way', async () => {
    const ends = (result: SliceResult) =>
      mockActivity(inPartition).run(
        activityOf(async () => result),
        input,
      );
    await ends(partial);
    await ends({ state: 'waiting', tally: tallyOf(1), retryInMs: 1_000, waiting: [] });
    expect(noted).toEqual([]);
    const what = { what: 'account east', class: 'SourceAuth', message: 'expired', deferred: 3 } as const;
    await ends({ state: 'blocked', tally: tallyOf(1), ...what });
    expect(noted).toEqual(['migration/orders/0/p0007']);
  });

  test('maps a failure to its class, and leaves it to Temporal to try again', async () => {
    const failing = activityOf(async () => {
      throw new Failure('TargetThrottled', 'put of canary: slow down', { retryAfterMs: 7_000 });
    });
    const error: unknown = await mockActivity()
      .run(failing, input)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ type: 'TargetThrottled', nonRetryable: false, nextRetryDelay: 7_000 });
    expect((error as Error).message).toContain('put of [redacted]: slow down');
  });
});
