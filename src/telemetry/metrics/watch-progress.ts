import type { Progress } from '../../domain/figures/progress.js';
import type { BoundedLabel } from './bounded-label.js';
import { ChangingGauge } from './changing-gauge.js';
import type { Take } from './meter.js';
import type { MetricKey } from './metric-table.js';

/** The migrations that a process observes, as metrics show them. */
export interface WatchedProgress {
  /** Notes the figures of a whole migration; undefined once this process no longer observes it. */
  note(migration: string, progress: Progress | undefined): void;
  /** Reports to the gauges. */
  tell(): void;
}

/** Keeps the figures of the migrations that this process observes: one process at a time observes each. */
export function watchProgress(metrics: Readonly<Record<MetricKey, Take>>, migrations: BoundedLabel): WatchedProgress {
  /** At most as many as the process has slots for control activities. */
  const observed = new Map<string, Progress>();
  const units = new ChangingGauge(metrics.migrationUnits);
  const blocked = new ChangingGauge(metrics.migrationBlocked);
  const eta = new ChangingGauge(metrics.migrationEta);

  return {
    note: (migration, progress) => {
      if (progress === undefined) observed.delete(migration);
      else observed.set(migration, progress);
    },
    tell: () => {
      for (const [name, { total, tally, blocked: waits, etaSeconds }] of observed) {
        const migration = migrations.of(name);
        const { done, empty, failed } = tally.units;
        const states = { total, done, empty, failed };
        for (const [state, count] of Object.entries(states)) units.add(count, { migration, state });
        for (const { class: failureClass, units: count } of waits)
          blocked.add(count, { migration, class: failureClass });
        eta.add(etaSeconds ?? 0, { migration });
      }
      for (const gauge of [units, blocked, eta]) gauge.tell();
    },
  };
}
