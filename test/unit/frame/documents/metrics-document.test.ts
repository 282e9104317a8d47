import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricTable, type Metric } from '../../../../src/telemetry/metrics/metric-table.js';
import { usedMetrics } from '../../../support/deploy/used-metrics.js';

const text = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');

test('docs/metrics.md describes every metric, and no other', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| `longhaul_'));
  const documented = rows.map((row) => {
    const [name, kind, labels, meaning] = row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { name: plain(name), kind, labels: plain(labels).split(', ').filter(Boolean), meaning };
  });
  const metrics = Object.values<Metric>(metricTable).map(({ buckets: _buckets, ...metric }) => metric);
  expect(documented).toEqual(metrics.map(({ labels, ...metric }) => ({ ...metric, labels: [...labels] })));
});

test('the dashboard and the alert rules use no metric of ours that there is not', () => {
  const names = new Set(Object.values<Metric>(metricTable).map(({ name }) => name));
  const ours = usedMetrics().filter(({ name }) => name.startsWith('longhaul_'));
  expect(ours.length).toBeGreaterThan(20);
  expect(ours.filter(({ name }) => !names.has(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([]);
});

test('the dashboard shows every metric of ours', () => {
  const used = new Set(usedMetrics().map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
  const names = Object.values<Metric>(metricTable).map(({ name }) => name);
  // Their outcomes and classes are shown by those of units.
  expect(names.filter((name) => !used.has(name))).toEqual(['longhaul_failed_units_total']);
});

function plain(cell = ''): string {
  return cell.replaceAll('`', '');
}
