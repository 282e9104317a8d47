import type { Progress } from '../../../src/domain/figures/progress.js';
import type { Tally } from '../../../src/domain/figures/tally.js';
import { documentOfRoot, type StatusDocument } from '../../../src/commands/status/status-document.js';
import type { RootDescription, TemporalPort } from '../../../src/commands/ports/temporal-port.js';

export const tally: Tally = {
  units: { done: 400, found: 3, empty: 2, failed: 1 },
  blobs: { done: 4_021 },
  bytes: { source: 41_021_330, raw: 180_332_211, target: 39_811_202 },
};

export const progress: Progress = {
  round: 0,
  total: 1_000,
  tally,
  rate: { unitsPerSecond: 31.2, blobsPerSecond: 312.5, sourceBytesPerSecond: 3_210_000 },
  etaSeconds: 19,
  blocked: [],
  at: '2026-01-02T03:04:00.000Z',
};

/** The root of "orders" in the middle of its work. */
export const runningRoot: RootDescription = {
  workflowId: 'migration/orders',
  runId: 'run-1',
  state: 'running',
  startedAt: '2026-01-02T03:03:05.000Z',
  endedAt: null,
  memo: { round: 0, total: 1_000, phase: 'running', tally, blocked: [] },
  before: null,
  control: { bucket: 'archive', prefix: '.longhaul', endpoint: null },
  progress,
  result: null,
  failure: null,
};

/** The same after its end: 1,000 units in 100 s. */
export const completedRoot: RootDescription = {
  ...runningRoot,
  state: 'completed',
  endedAt: '2026-01-02T03:04:45.000Z',
  progress: null,
  result: {
    phase: 'completed',
    progress: {
      ...progress,
      tally: { ...tally, units: { done: 1_000, found: 0, empty: 0, failed: 0 }, blobs: { done: 10_000 } },
    },
  },
};

export const subject = { name: 'orders', namespace: 'default', webUi: 'http://127.0.0.1:8233' };

export const runningDocument: StatusDocument = documentOfRoot(subject, runningRoot);
export const completedDocument: StatusDocument = documentOfRoot(subject, completedRoot);

/**
 * Returns a Temporal that answers with these descriptions in turn, and then with the last one for ever. An error is
 * thrown.
 */
export function fakeTemporal(
  roots: readonly (RootDescription | undefined | Error)[],
  port: Partial<TemporalPort> = {},
): TemporalPort {
  let asked = 0;
  return {
    address: '127.0.0.1:7233',
    namespace: 'default',
    taskQueue: 'longhaul',
    describeRoot: async () => {
      const root = roots[Math.min(asked, roots.length - 1)];
      asked += 1;
      if (root instanceof Error) throw root;
      return root;
    },
    startRoot: async () => ({ runId: 'run-1' }),
    cancelRoot: async () => {},
    askRoot: async () => undefined,
    controlAddress: async () => undefined,
    async *listRoots() {},
    isAnswered: async () => true,
    isPolled: async () => true,
    explorations: {
      start: () => Promise.reject(new Error('explorations.start is not expected to be used')),
      startUnits: () => Promise.reject(new Error('explorations.startUnits is not expected to be used')),
    },
    hasSearchAttributes: async () => true,
    checks: {
      serverVersion: async () => '1.32.0',
      retentionMs: async () => 30 * 24 * 3_600_000,
      searchAttributes: async () => ({}),
      workers: async () => [],
      runCheck: async () => ({ unknown: 'no check is expected' }),
    },
    close: async () => {},
    ...port,
  };
}
