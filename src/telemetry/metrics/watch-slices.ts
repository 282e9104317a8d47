import { Failure } from '../../domain/failure.js';
import type { SliceBeat } from '../../domain/figures/slice-report.js';
import { stages } from '../../flow/stage-clock.js';
import { unitOutcome } from '../unit-outcome.js';
import type { ThrottledStores } from '../../pipeline/unit/migration-resources.js';
import type { SliceEnd, WatchSlice } from '../watched-move-slice.js';
import type { BoundedLabel } from './bounded-label.js';
import { ChangingGauge } from './changing-gauge.js';
import type { Take } from './meter.js';
import type { MetricKey } from './metric-table.js';

/** The slices that a process moves, as metrics show them. */
export interface WatchedSlices {
  readonly watch: WatchSlice;
  /** Reports the state of the running slices to the gauges. */
  tell(): void;
}

/** Counts the units of slices as they end, and keeps the state of each running slice. */
export function watchSlices(
  metrics: Readonly<Record<MetricKey, Take>>,
  { migrations, accounts }: { readonly migrations: BoundedLabel; readonly accounts: BoundedLabel },
): WatchedSlices {
  /** By attempt: at most as many as the process has slots for slices. */
  const running = new Set<RunningSlice>();
  const slicesRunning = new ChangingGauge(metrics.slicesRunning);
  const unitsDeferred = new ChangingGauge(metrics.unitsDeferred);
  const unitsWaiting = new ChangingGauge(metrics.unitsWaiting);
  const throttledRate = new ChangingGauge(metrics.throttledRate);

  return {
    watch: ({ resources }) => {
      const migration = migrations.of(resources.record.name);
      const attempt: RunningSlice = { migration, throttled: resources.throttled, beat: undefined };
      running.add(attempt);
      return {
        beat: (beat) => {
          attempt.beat = beat;
        },
        tried: ({ seconds, stages: spent, outcome }) => {
          metrics.unitSeconds(seconds, { outcome: unitOutcome(outcome) });
          for (const stage of stages) metrics.stageSeconds(spent[stage], { stage });
          if (outcome instanceof Failure) metrics.unitRetries(1, { class: outcome.failureClass });
        },
        recorded: ({ state, class: failureClass = 'Unexpected', blobs, bytes }) => {
          metrics.units(1, { migration, outcome: state });
          if (state === 'failed') metrics.failedUnits(1, { migration, class: failureClass });
          if (state !== 'done' && state !== 'found') return;
          metrics.blobs(blobs, { migration });
          for (const kind of ['source', 'raw', 'target'] as const) metrics.bytes(bytes[kind], { migration, kind });
          metrics.unitSourceBytes(bytes.source);
        },
        ended: (end) => {
          running.delete(attempt);
          metrics.slices(1, { migration, state: stateOf(end) });
        },
      };
    },

    tell: () => {
      for (const { migration, throttled, beat } of running) {
        slicesRunning.add(1, { migration });
        if (beat?.waitsFor !== undefined) unitsDeferred.add(beat.deferred, { migration, class: beat.waitsFor.class });
        for (const waits of beat?.waiting ?? []) unitsWaiting.add(waits.units, { migration, class: waits.class });
        for (const name of throttled.accounts()) {
          throttledRate.put(throttled.account(name)?.perSecond ?? 0, { store: 'source', account: accounts.of(name) });
        }
        const target = throttled.target();
        if (target !== undefined) throttledRate.put(target.perSecond, { store: 'target' });
      }
      for (const gauge of [slicesRunning, unitsDeferred, unitsWaiting, throttledRate]) gauge.tell();
    },
  };
}

interface RunningSlice {
  readonly migration: string;
  readonly throttled: ThrottledStores;
  beat: SliceBeat | undefined;
}

function stateOf(end: SliceEnd): string {
  if ('result' in end) return end.result.state;
  return end.aborted ? 'aborted' : 'failed';
}
