/** One metric: its name as Prometheus shows it, its labels, and what it says. */
export interface Metric {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly meaning: string;
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

const counter = (name: string, labels: readonly string[], meaning: string): Metric => ({
  ...{ name, kind: 'counter', labels, meaning },
});
const gauge = (name: string, labels: readonly string[], meaning: string): Metric => ({
  ...{ name, kind: 'gauge', labels, meaning },
});

// From a unit that is found in place to one of many gigabytes.
const secondsBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];
const byteBuckets = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];

/**
 * Every metric of ours. docs/metrics.md has the same table, and a test compares the two. Counters are whole numbers,
 * because those of Temporal's SDK are.
 */
export const metricTable = {
  // What has been moved.
  units: counter(
    'longhaul_units_total',
    ['migration', 'outcome'],
    'Units that have ended, by outcome: done, found, empty or failed.',
  ),
  failedUnits: counter('longhaul_failed_units_total', ['migration', 'class'], 'Failed units, by failure class.'),
  blobs: counter('longhaul_blobs_total', ['migration'], 'Source blobs of units that are in place.'),
  bytes: counter(
    'longhaul_bytes_total',
    ['migration', 'kind'],
    'Bytes of units that are in place: source as listed, raw as decoded, target as written.',
  ),
  slices: counter(
    'longhaul_slices_total',
    ['migration', 'state'],
    'Attempts at slices that have ended: complete, partial, waiting, blocked, failed or aborted.',
  ),

  // How long it takes, and what is tried again.
  unitSeconds: {
    ...{ name: 'longhaul_unit_seconds', kind: 'histogram', labels: ['outcome'], buckets: secondsBuckets },
    meaning: 'Time of one try at a unit, by outcome; retried and deferred are tries that left no receipt.',
  },
  stageSeconds: {
    ...{ name: 'longhaul_stage_seconds', kind: 'histogram', labels: ['stage'], buckets: secondsBuckets },
    meaning:
      'Time that a try at a unit waits for a stage: discover, source, decode, pack or publish. ' +
      'Stages that overlap count once.',
  },
  unitSourceBytes: {
    ...{ name: 'longhaul_unit_source_bytes', kind: 'histogram', labels: [], buckets: byteBuckets },
    meaning: 'Listed bytes of a unit that is in place.',
  },
  unitRetries: counter(
    'longhaul_unit_retries_total',
    ['class'],
    'Tries at units that left no receipt, by failure class: the unit is tried again, or put aside.',
  ),
  requests: counter(
    'longhaul_requests_total',
    ['store', 'account', 'request'],
    'Requests that have ended, whether they succeeded or failed. The store is source, target or control; only a ' +
      'source has an account.',
  ),
  requestMilliseconds: counter(
    'longhaul_request_milliseconds_total',
    ['store', 'account', 'request'],
    'Milliseconds that these requests took; for a body, until its first byte.',
  ),
  requestFailures: counter(
    'longhaul_request_failures_total',
    ['store', 'account', 'class'],
    'Requests that have failed, by failure class. Nearly all are tried again.',
  ),

  // Queues and limits of the process.
  slicesRunning: gauge('longhaul_slices_running', ['migration'], 'Slices that the process moves.'),
  unitsInFlight: gauge('longhaul_units_in_flight', [], 'Units that the process moves.'),
  unitsInFlightLimit: gauge('longhaul_units_in_flight_limit', [], 'Units that the process may move at once.'),
  unitsQueued: gauge('longhaul_units_queued', [], 'Units that wait for their turn in the process.'),
  unitsDeferred: gauge(
    'longhaul_units_deferred',
    ['migration', 'class'],
    'Units of running slices that wait for somebody, by failure class: a credential, a permission, a bucket.',
  ),
  unitsWaiting: gauge(
    'longhaul_units_waiting',
    ['migration', 'class'],
    'Units of running slices that have been in trouble for 5 seconds, by failure class.',
  ),
  requestsInFlight: gauge(
    'longhaul_requests_in_flight',
    ['store', 'account'],
    'Requests that have not been answered yet.',
  ),
  fetchesInFlight: gauge('longhaul_fetches_in_flight', [], 'Small blobs that the process fetches.'),
  fetchesInFlightLimit: gauge('longhaul_fetches_in_flight_limit', [], 'Small blobs that it may fetch at once.'),
  fetchesQueued: gauge('longhaul_fetches_queued', [], 'Small blobs that wait to be fetched.'),
  aheadBytes: gauge('longhaul_ahead_bytes', [], 'Bytes that the process holds ahead of need.'),
  aheadBytesLimit: gauge('longhaul_ahead_bytes_limit', [], 'Bytes that it may hold ahead of need.'),
  throttledRate: gauge(
    'longhaul_throttled_rate',
    ['store', 'account'],
    'Requests a second that a store which has refused some is held to; 0 for full speed.',
  ),
  requestRateLimit: gauge(
    'longhaul_request_rate_limit',
    ['migration', 'account'],
    "The process's share of an account's ceiling, in requests a second; 0 without one.",
  ),
  requestsPaced: gauge(
    'longhaul_requests_paced',
    ['migration', 'account'],
    'Requests that wait because of this ceiling.',
  ),
  byteRateLimit: gauge(
    'longhaul_byte_rate_limit',
    ['migration'],
    'Source bytes a second that the process may read; 0 without a limit.',
  ),

  // Whole migrations, from the process that observes them.
  migrationUnits: gauge(
    'longhaul_migration_units',
    ['migration', 'state'],
    'Units of the current round: total, done, empty or failed.',
  ),
  migrationBlocked: gauge(
    'longhaul_migration_blocked_units',
    ['migration', 'class'],
    'Units of the whole migration that wait for somebody, by failure class.',
  ),
  migrationEta: gauge(
    'longhaul_migration_eta_seconds',
    ['migration'],
    'Seconds until the round ends at the present rate; 0 while that is unknown.',
  ),

  // The process itself.
  buildInfo: gauge('longhaul_build_info', ['version', 'node'], 'Always 1.'),
  startTime: gauge('longhaul_process_start_time_seconds', [], 'When the process started, in seconds since the epoch.'),
  residentBytes: gauge('longhaul_process_resident_bytes', [], 'Memory of the process.'),
  loopUtilization: gauge(
    'longhaul_event_loop_utilization',
    [],
    'Share of the last seconds in which the main thread was busy, from 0 to 1.',
  ),
} as const satisfies Record<string, Metric>;

export type MetricKey = keyof typeof metricTable;
