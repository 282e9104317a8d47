import { performance } from 'node:perf_hooks';
import type { LimitedProcess } from '../../flow/process-resources.js';
import { accountLabelsMax, BoundedLabel, migrationLabelsMax } from './bounded-label.js';
import { ChangingGauge } from './changing-gauge.js';
import { createMetrics, type Meter } from './meter.js';
import { RequestCounts } from './request-counts.js';
import { watchProgress, type WatchedProgress } from './watch-progress.js';
import { watchSlices, type WatchedSlices } from './watch-slices.js';

/** The limits that the files and the operators have set, as the process keeps to them. */
export interface SpeedLimits {
  readonly migration: string;
  readonly bytesPerSecond: number | undefined;
  readonly requestsPerSecond: readonly {
    readonly account: string;
    readonly limit: number | undefined;
    /** Requests that wait for their turn. */
    readonly waiting: number;
  }[];
}

/** What a process is measured by. */
export interface ProcessMetrics {
  readonly requests: RequestCounts;
  readonly watchSlice: WatchedSlices['watch'];
  readonly noteProgress: WatchedProgress['note'];
  stop(): void;
}

// Shorter than any scrape interval in use. A look takes less than a millisecond.
const tellEveryMs = 5_000;

/** Measures a process, and reports to a meter every 5 seconds, until stopped. */
export function measureProcess({
  meter,
  version,
  process: resources,
  speedLimits,
  onProblem,
}: {
  readonly meter: Meter;
  readonly version: string;
  readonly process: Pick<LimitedProcess, 'units' | 'sourceRequests' | 'ahead'>;
  readonly speedLimits: () => readonly SpeedLimits[];
  /** Called with what went wrong while metrics were reported: no unit must wait or fail because of that. */
  readonly onProblem: (error: unknown) => void;
}): ProcessMetrics {
  const metrics = createMetrics(meter);
  const migrations = new BoundedLabel(migrationLabelsMax);
  const accounts = new BoundedLabel(accountLabelsMax);
  const requests = new RequestCounts(accounts);
  const slices = watchSlices(metrics, { migrations, accounts });
  const progress = watchProgress(metrics, migrations);
  const requestRateLimit = new ChangingGauge(metrics.requestRateLimit);
  const requestsPaced = new ChangingGauge(metrics.requestsPaced);
  const byteRateLimit = new ChangingGauge(metrics.byteRateLimit);
  let loop = performance.eventLoopUtilization();

  metrics.buildInfo(1, { version, node: process.versions.node });
  metrics.startTime((Date.now() - performance.now()) / 1_000);
  tellOrReport();
  const timer = setInterval(tellOrReport, tellEveryMs).unref();
  return {
    requests,
    watchSlice: slices.watch,
    noteProgress: (migration, figures) => progress.note(migration, figures),
    stop: () => clearInterval(timer),
  };

  function tellOrReport(): void {
    try {
      tell();
    } catch (error) {
      onProblem(error);
    }
  }

  function tell(): void {
    requests.tell(metrics);
    slices.tell();
    progress.tell();
    tellLimits();
    const { units, sourceRequests, ahead } = resources;
    metrics.unitsInFlight(units.activeCount);
    metrics.unitsInFlightLimit(units.concurrency);
    metrics.unitsQueued(units.pendingCount);
    metrics.fetchesInFlight(sourceRequests.activeCount);
    metrics.fetchesInFlightLimit(sourceRequests.concurrency);
    metrics.fetchesQueued(sourceRequests.pendingCount);
    metrics.aheadBytes(ahead.usedBytes);
    metrics.aheadBytesLimit(ahead.limitBytes);
    metrics.residentBytes(process.memoryUsage.rss());
    const before = loop;
    loop = performance.eventLoopUtilization();
    metrics.loopUtilization(performance.eventLoopUtilization(loop, before).utilization);
  }

  function tellLimits(): void {
    for (const { migration: name, bytesPerSecond, requestsPerSecond } of speedLimits()) {
      const migration = migrations.of(name);
      byteRateLimit.add(bytesPerSecond ?? 0, { migration });
      for (const { account: named, limit, waiting } of requestsPerSecond) {
        const account = accounts.of(named);
        requestRateLimit.add(limit ?? 0, { migration, account });
        requestsPaced.add(waiting, { migration, account });
      }
    }
    for (const gauge of [requestRateLimit, requestsPaced, byteRateLimit]) gauge.tell();
  }
}
