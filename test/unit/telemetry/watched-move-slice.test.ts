import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import type { SliceBeat, SliceResult } from '../../../src/domain/figures/slice-report.js';
import { emptyTally } from '../../../src/domain/figures/tally.js';
import type { SliceJob } from '../../../src/pipeline/slice/slice-job.js';
import { logSlices } from '../../../src/telemetry/log-slices.js';
import { BoundedLabel } from '../../../src/telemetry/metrics/bounded-label.js';
import { createMetrics } from '../../../src/telemetry/metrics/meter.js';
import { watchSlices } from '../../../src/telemetry/metrics/watch-slices.js';
import { watchedMoveSlice, type WatchSlice } from '../../../src/telemetry/watched-move-slice.js';
import { RecordingMeter } from '../../support/fakes/recording-meter.js';

const complete: SliceResult = { state: 'complete', tally: { ...emptyTally, units: { ...emptyTally.units, done: 2 } } };
const receipt = {
  ...{ index: 0, id: 'a', key: 'a.gz', state: 'done', blobs: 3, bytes: { source: 10, raw: 100, target: 20 } },
  ...{ skipped: [], notes: [], build: '', at: '' },
} satisfies Receipt;
const failed: Receipt = { ...receipt, id: 'b', state: 'failed', class: 'EmptyUnit', message: 'no blob matched' };
const beat = {
  ...{ v: 1, slice: 'p0002/s0001', range: '', phase: 'moving', done: 0, failed: 0, deferred: 4, of: 9 },
  ...{ inFlight: { count: 0, indexes: [] }, tally: emptyTally },
  waitsFor: { what: 'account east', class: 'SourceAuth', message: 'refused' },
  waiting: [{ what: 'account west', class: 'SourceThrottled', message: 'slow down', since: '', units: 2 }],
} satisfies SliceBeat;

describe('a watched slice', () => {
  it('counts its units by outcome, and knows what they wait for while it runs', async () => {
    const meter = new RecordingMeter();
    const slices = watchSlices(createMetrics(meter), labels());
    await run([slices.watch], (job) => {
      job.watch?.recorded(receipt);
      job.watch?.recorded(failed);
      job.beat(beat);
      slices.tell();
      return complete;
    });
    const running = { ...meter.values };
    slices.tell();

    expect(running).toMatchObject({
      'longhaul_units migration=orders outcome=done': 1,
      'longhaul_units migration=orders outcome=failed': 1,
      'longhaul_failed_units class=EmptyUnit migration=orders': 1,
      'longhaul_blobs migration=orders': 3,
      'longhaul_bytes kind=raw migration=orders': 100,
      'longhaul_slices_running migration=orders': 1,
      'longhaul_throttled_rate account=east store=source': 12,
      'longhaul_units_deferred class=SourceAuth migration=orders': 4,
      'longhaul_units_waiting class=SourceThrottled migration=orders': 2,
    });
    expect(meter.values).toMatchObject({
      'longhaul_slices migration=orders state=complete': 1,
      'longhaul_slices_running migration=orders': 0,
      'longhaul_throttled_rate account=east store=source': 0,
      'longhaul_units_deferred class=SourceAuth migration=orders': 0,
    });
  });

  it('counts tries that left no receipt by failure class, and those that wait for somebody separately', async () => {
    const meter = new RecordingMeter();
    const slices = watchSlices(createMetrics(meter), labels());
    await run([slices.watch], (job) => {
      for (const failureClass of ['SourceNetwork', 'SourceAuth'] as const) {
        const outcome = new Failure(failureClass, 'refused');
        const stages = { discover: 1, source: 2, decode: 0, pack: 0, publish: 0 };
        job.watch?.tried({
          unit: { index: 0, id: 'a', key: 'a', fields: {} },
          startedAtMs: 0,
          seconds: 3,
          stages,
          outcome,
        });
      }
      return complete;
    });

    expect(meter.values).toMatchObject({
      'longhaul_unit_retries class=SourceNetwork': 1,
      'longhaul_unit_retries class=SourceAuth': 1,
      'longhaul_unit_seconds outcome=retried': [3],
      'longhaul_unit_seconds outcome=deferred': [3],
      'longhaul_stage_seconds stage=source': [2, 2],
    });
  });

  it('logs failed units, what units begin to wait for, and its end, each with its place', async () => {
    const lines: object[] = [];
    const note = (fields: object, message: string): void => void lines.push({ ...fields, message });
    await run([logSlices({ info: note, warn: note })], (job) => {
      job.watch?.recorded(receipt);
      job.watch?.recorded(failed);
      job.beat(beat);
      job.beat(beat);
      return complete;
    });

    const place = { migration: 'orders', round: 3, partition: 'p0002', slice: 's0001' };
    expect(lines).toMatchObject([
      { ...place, unit: 'b', class: 'EmptyUnit', message: 'failed: no blob matched' },
      { ...place, what: 'account east', class: 'SourceAuth', units: 4 },
      { ...place, what: 'account west', class: 'SourceThrottled', units: 2 },
      { ...place, state: 'complete', done: 2, failed: 0, message: 'slice complete' },
    ]);
  });

  it('moves on when a watcher fails, and reports that', async () => {
    const problems: unknown[] = [];
    const broken = (): never => {
      throw new Error('no more disk');
    };
    const watch: WatchSlice = () => ({ tried: broken, recorded: broken, beat: broken, ended: broken });
    const beats: SliceBeat[] = [];
    const moved = watchedMoveSlice(
      (job) => {
        job.beat(beat);
        job.watch?.recorded(receipt);
        return Promise.resolve(complete);
      },
      [watch],
      (error) => problems.push(error),
    );

    await expect(moved(sliceJob((each) => beats.push(each)))).resolves.toBe(complete);
    expect(beats).toEqual([beat]);
    expect(problems).toHaveLength(3);
  });
});

function labels() {
  return { migrations: new BoundedLabel(1), accounts: new BoundedLabel(1) };
}

async function run(watchers: readonly WatchSlice[], move: (job: SliceJob) => SliceResult): Promise<void> {
  const fail = (error: unknown): void => {
    throw error;
  };
  await watchedMoveSlice((job) => Promise.resolve(move(job)), watchers, fail)(sliceJob(() => undefined));
}

const throttled = {
  accounts: () => ['east'],
  account: () => ({ perSecond: 12, sinceMs: 0 }),
  target: () => undefined,
};

function sliceJob(told: SliceJob['beat']): SliceJob {
  return {
    task: { epoch: 0, round: 3, partition: 2, slice: 1, firstUnit: 0, units: 9 },
    resources: { record: { name: 'orders' }, throttled } as unknown as SliceJob['resources'],
    beat: told,
    signal: new AbortController().signal,
  } as unknown as SliceJob;
}
