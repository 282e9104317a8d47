import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { metricTable, type Metric } from '../../src/telemetry/metrics/metric-table.js';
import { usedMetrics } from '../support/deploy/used-metrics.js';
import { generateMigration, smallBlobs } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { scrape, type Series } from '../support/programs/scrape.js';
import { freePortBase } from '../support/servers/free-port-base.js';
import { startOtlpReceiver, type OtlpReceiver } from '../support/servers/otlp-receiver.js';
import { until } from '../support/until.js';

const workerProgram = new URL('../../dist/worker.js', import.meta.url).pathname;
const units = 40;

describe('a worker that is watched while it moves a migration', () => {
  const stack = inject('stack');
  const log: string[] = [];
  let receiver: OtlpReceiver;
  let worker: ReturnType<typeof startWorker>;
  let series: readonly Series[];
  let health: readonly unknown[];

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    const port = await freePortBase();
    const [address, healthAddress] = [`127.0.0.1:${String(port)}`, `127.0.0.1:${String(port + 1)}`];
    const environment = { ...stack.environment, LONGHAUL_TASK_QUEUE: 'watched' };
    worker = startWorker({
      ...{ ...environment, LONGHAUL_METRICS: address, LONGHAUL_HEALTH: healthAddress, LONGHAUL_LOG: 'json' },
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER_ARG: '1',
    });
    worker.stderr.on('data', (data: Buffer) => log.push(data.toString()));
    const migration = await generateMigration(stack, 'watched', {
      ...{ units, ...smallBlobs, damage: new Map([[3, 'truncated'] as const]) },
    });
    const { document, stderr } = await runLonghaulJson<{ phase: string }>(
      ['start', migration.migrationPath, '--watch'],
      environment,
    );
    expect(document.phase, stderr).toBe('completed-with-failures');
    await until('every unit has been told', async () => {
      series = await scrape(address);
      const puts = sum('longhaul_requests_total', { store: 'target', request: 'put' });
      return puts >= units - 1 && sum('longhaul_units_total') === units;
    });
    health = await Promise.all(['healthz', 'readyz'].map((probe) => fetch(`http://${healthAddress}/${probe}`)));
    worker.kill('SIGTERM');
    await worker;
  });
  afterAll(() => receiver.close());

  it('serves every metric that is documented, next to those of the SDK', () => {
    const served = new Set(series.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
    const names = Object.values<Metric>(metricTable).map(({ name }) => name);
    expect(names.filter((name) => !served.has(name))).toEqual([]);
    expect([...served].filter((name) => name.startsWith('temporal_'))).not.toEqual([]);
    const undeclared = series.filter(({ name, labels }) => {
      const metric = Object.values<Metric>(metricTable).find(
        (each) => each.name === name.replace(/_(bucket|sum|count)$/, ''),
      );
      return metric !== undefined && Object.keys(labels).some((label) => ![...metric.labels, 'le'].includes(label));
    });
    expect(undeclared).toEqual([]);
  });

  it('is healthy and ready', () => {
    expect(health).toMatchObject([{ status: 200 }, { status: 200 }]);
  });

  it('counts what was moved, and how long it took', () => {
    const migration = 'watched';
    expect(sum('longhaul_units_total', { migration, outcome: 'done' })).toBe(units - 1);
    expect(sum('longhaul_failed_units_total', { migration, class: 'CorruptInput/Truncated' })).toBe(1);
    expect(sum('longhaul_blobs_total', { migration })).toBeGreaterThanOrEqual(units - 1);
    expect(sum('longhaul_bytes_total', { migration, kind: 'source' })).toBeGreaterThan(0);
    expect(sum('longhaul_slices_total', { migration, state: 'complete' })).toBeGreaterThan(0);
    expect(sum('longhaul_unit_seconds_count')).toBe(units);
    const stages = sum('longhaul_stage_seconds_sum');
    expect(stages).toBeGreaterThan(0);
    expect(stages).toBeLessThanOrEqual(sum('longhaul_unit_seconds_sum') + 1e-6);
    expect(sum('longhaul_requests_total', { store: 'source', account: 'east', request: 'get' })).toBeGreaterThan(0);
    expect(sum('longhaul_requests_total', { store: 'target', request: 'put' })).toBeGreaterThanOrEqual(units - 1);
  });

  it('serves every metric that the dashboard and the alert rules use', () => {
    const served = new Set(series.map(({ name }) => name));
    // The SDK shows this one once a request to Temporal has failed.
    const onlyAfterFailure = 'temporal_request_failure_total';
    const used = new Set(usedMetrics().map(({ name }) => name));
    expect(used.delete(onlyAfterFailure)).toBe(true);
    expect([...used].filter((name) => !served.has(name))).toEqual([]);
  });

  it('sends a span for each unit', () => {
    const spans = receiver.spans.filter(({ attributes }) => attributes['longhaul.migration'] === 'watched');
    expect(new Set(spans.map(({ attributes }) => attributes['longhaul.unit']))).toHaveLength(units);
    expect(spans.filter(({ status }) => status === 2)).toMatchObject([
      { attributes: { 'longhaul.outcome': 'failed', 'longhaul.class': 'CorruptInput/Truncated' } },
    ]);
    expect(spans[0]).toMatchObject({ name: 'move unit', service: 'longhaul' });
  });

  it('logs each slice and each failed unit with its place as fields', () => {
    const lines = log
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ migration }) => migration === 'watched');
    const place = {
      migration: 'watched',
      round: 0,
      partition: 'p0000',
      slice: expect.stringMatching(/^s\d{4}$/) as string,
    };
    expect(lines).toContainEqual(expect.objectContaining({ ...place, state: 'complete' }));
    expect(lines.filter(({ unit }) => unit !== undefined)).toEqual([
      expect.objectContaining({ ...place, class: 'CorruptInput/Truncated', unit: expect.any(String) as string }),
    ]);
  });

  function sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return series
      .filter(
        (each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
      )
      .reduce((total, { value }) => total + value, 0);
  }
});

function startWorker(environment: Readonly<Record<string, string>>) {
  return execa(process.execPath, [workerProgram, '--processes', '1'], {
    env: environment,
    reject: false,
    stdin: 'ignore',
  });
}
