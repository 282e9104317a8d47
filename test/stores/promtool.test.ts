import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, it } from 'vitest';
import { dashboard } from '../support/deploy/used-metrics.js';
import { goBuildTimeoutMs, goProgram } from '../support/servers/go-program.js';

// Its build takes nine minutes of CPU time: promtool comes with all of Prometheus.
const promtool = { name: 'promtool', package: 'github.com/prometheus/prometheus/cmd/promtool', version: 'v0.316.0' };
const rules = resolve('deploy/prometheus/alerts.yml');

beforeAll(async () => {
  await goProgram(promtool);
}, goBuildTimeoutMs);

it('Prometheus accepts the alert rules', async () => {
  const { stdout } = await execa(await goProgram(promtool), ['check', 'rules', rules]);
  expect(stdout).toContain('SUCCESS: 7 rules found');
});

it('the alerts of a blocked migration and a dead process are raised after five minutes, and not before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-promtool-'));
  try {
    const path = join(folder, 'tests.yml');
    await writeFile(path, JSON.stringify(ruleTests));
    const { stdout } = await execa(await goProgram(promtool), ['test', 'rules', path]);
    expect(stdout).toContain('SUCCESS');
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('Prometheus reads every query of the dashboard', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-promtool-'));
  try {
    const path = join(folder, 'queries.yml');
    const queries = dashboard().panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    // A recording rule is a query under a name. Grafana puts values in place of its variables.
    const recorded = queries.map((expr, at) => ({
      record: `query:${String(at)}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$migration', '.*'),
    }));
    expect(recorded.length).toBeGreaterThan(30);
    await writeFile(path, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    const { stdout } = await execa(await goProgram(promtool), ['check', 'rules', path]);
    expect(stdout).toContain(`SUCCESS: ${String(recorded.length)} rules found`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const blocked = {
  alertname: 'LonghaulMigrationBlocked',
  labels: { migration: 'orders', class: 'Auth', severity: 'critical' },
};
const down = { alertname: 'LonghaulWorkerDown', labels: { job: 'longhaul', instance: 'a:9464', severity: 'warning' } };

const ruleTests = {
  rule_files: [rules],
  tests: [
    {
      interval: '1m',
      input_series: [
        { series: 'longhaul_migration_blocked_units{migration="orders",class="Auth"}', values: '3x20' },
        { series: 'up{job="longhaul",instance="a:9464"}', values: '0x20' },
      ],
      promql_expr_test: [blocked, down].flatMap(({ alertname, labels }) => [
        { expr: `ALERTS{alertname="${alertname}",alertstate="firing"}`, eval_time: '4m', exp_samples: [] },
        {
          expr: `ALERTS{alertname="${alertname}",alertstate="firing"}`,
          eval_time: '6m',
          exp_samples: [{ labels: seriesOf({ alertname, alertstate: 'firing', ...labels }), value: 1 }],
        },
      ]),
    },
  ],
};

function seriesOf(labels: Readonly<Record<string, string>>): string {
  return `ALERTS{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;
}
