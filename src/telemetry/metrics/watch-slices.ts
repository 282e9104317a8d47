import { Failure } from '../../domain/failure.js';
import type { SliceBeat } from '../../domain/slice-report.js';
import { stages } from '../../flow/stage-clock.js';
import { unitOutcome } from '../unit-outcome.js';
import type { SliceEnd, WatchSlice } from '../watched-move-slice.js';
import type { BoundedLabel } from './bounded-label.js';
import { ChangingGauge } from './changing-gauge.js';
import type { Take } from './meter.js';
import type { MetricKey } from './metric-table.js';

/** The slices that a process moves, as metrics show them. */
export interface WatchedSlices {
  readonly watch: WatchSlice;
  /** Tells the gauges how the running slices stand. */
  tell(): void;
}

/** Counts the units of slices as they end, and knows how each running slice stands. */
export function watchSlices(metrics: Readonly<Record<MetricKey, Take>>, migrations: BoundedLabel): WatchedSlices {
  /** By attempt: at most as many as the process has slots for slices. */
  const running = new Map<object, { readonly migration: string; beat: SliceBeat | undefined }>();
  const slicesRunning = new ChangingGauge(metrics.slicesRunning);
  const unitsDeferred = new ChangingGauge(metrics.unitsDeferred);
  const unitsWaiting = new ChangingGauge(metrics.unitsWaiting);

  return {
    watch: ({ resources }) => {
      const migration = migrations.of(resources.record.name);
      const attempt: { readonly migration: string; beat: SliceBeat | undefined } = { migration, beat: undefined };
      running.set(attempt, attempt);
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
      for (const { migration, beat } of running.values()) {
        slicesRunning.add(1, { migration });
        if (beat?.waitsFor !== undefined) unitsDeferred.add(beat.deferred, { migration, class: beat.waitsFor.class });
        for (const waits of beat?.waiting ?? []) unitsWaiting.add(waits.units, { migration, class: waits.class });
      }
      for (const gauge of [slicesRunning, unitsDeferred, unitsWaiting]) gauge.tell();
    },
  };
}

function stateOf(end: SliceEnd): string {
  if ('result' in end) return end.result.state;
  return end.aborted ? 'aborted' : 'failed';
}
