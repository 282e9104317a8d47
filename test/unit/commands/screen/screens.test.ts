import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStyle } from '../../../../src/commands/screen/create-style.js';
import { displayWidth } from '../../../../src/commands/screen/display-width.js';
import { layOutFrame } from '../../../../src/commands/screen/lay-out-frame.js';
import { migrationFrame } from '../../../../src/commands/status/migration-frame.js';
import { renderList } from '../../../../src/commands/status/render-list.js';
import { renderStatus } from '../../../../src/commands/status/render-status.js';
import type { StatusDocument } from '../../../../src/commands/status/status-document.js';
import type { Blocked } from '../../../../src/domain/figures/progress.js';
import { completedDocument, runningDocument } from '../sample-documents.js';

const folder = join(import.meta.dirname, '../golden-screens');
const nowMs = Date.parse('2026-01-02T03:04:05.000Z');
const view = { nowMs, invocation: 'longhaul', operand: './migration.yaml' };
const held = (what: string, failureClass: Blocked['class'], message: string, units: number): Blocked => ({
  ...{ what, class: failureClass, message, units, since: '2026-01-02T02:58:55.000Z' },
});

const running: StatusDocument = {
  ...runningDocument,
  units: { total: 1_250_000, done: 512_700, found: 12_004, empty: 310, failed: 15 },
  overall: { units: { total: 1_250_000, done: 512_700, found: 12_004, empty: 310, failed: 15 } },
  blobs: { done: 5_127_000 },
  bytes: { source: 3.41e12, raw: 15.2e12, target: 3.02e12 },
  rate: { unitsPerSecond: 92.4, blobsPerSecond: 1_204.2, sourceBytesPerSecond: 614_000_000 },
  meanRate: { unitsPerSecond: 88.1, blobsPerSecond: 1_150, sourceBytesPerSecond: 588_000_000 },
  etaSeconds: 7_974,
  etaRange: { fromSeconds: 6_720, toSeconds: 9_660 },
  work: { processes: 8, slices: 31, units: 122, unitsMax: 128 },
  moving: [
    { unit: 'acme/2019-07', bytes: 1_234_000_000, of: 3_400_000_000, since: '2026-01-02T02:59:55.000Z' },
    { unit: 'bolt/2019-08', bytes: 0, of: null, since: '2026-01-02T03:04:02.000Z' },
  ],
};
const held12 = held('account east', 'SourceAuth', 'the key was refused: Server failed to authenticate the request', 12);
const stopped = { etaSeconds: null, etaRange: null, moving: [] } as const;

const states: Readonly<Record<string, StatusDocument>> = {
  running,
  'with-failures': {
    ...running,
    failures: { EmptyUnit: 3, 'CorruptInput/Truncated': 11, Incomplete: 1 },
    credentials: [{ what: 'account west', endsAt: '2026-01-02T06:24:05.000Z' }],
    throttled: [{ what: 'account east', perSecond: 212.5, since: '2026-01-02T03:01:55.000Z' }],
  },
  'in-round-2': {
    ...running,
    round: 2,
    units: { total: 1_204, done: 310, found: 0, empty: 0, failed: 2 },
  },
  paused: { ...running, ...stopped, phase: 'paused', work: { processes: 0, slices: 0, units: 0, unitsMax: 0 } },
  blocked: {
    ...{ ...running, ...stopped, phase: 'blocked' },
    blocked: [held12, held('account west', 'SourceForbidden', 'listing container events was refused', 1_310)],
  },
  waiting: {
    ...{ ...running, ...stopped },
    rate: { unitsPerSecond: 0, blobsPerSecond: 0, sourceBytesPerSecond: 0 },
    waiting: [
      held('account east', 'SourceNetwork', 'connect ECONNREFUSED 10.0.17.4:443 (getaddrinfo of east)', 48_210),
      held('target archive', 'TargetNetwork', 'connect ETIMEDOUT', 1),
    ],
  },
  'no-workers': {
    ...{ ...running, ...stopped, phase: 'blocked', work: { processes: 0, slices: 0, units: 0, unitsMax: 0 } },
    blocked: [held('workers', 'NoWorkers', 'no worker answers on task queue longhaul', 736_975)],
  },
  completed: completedDocument,
  'completed-with-failures': {
    ...completedDocument,
    phase: 'completed-with-failures',
    units: { total: 1_000, done: 997, found: 0, empty: 0, failed: 3 },
    failures: { EmptyUnit: 3 },
  },
};

const widths = [60, 80, 200];
const style = createStyle(false);
// A link and a command to paste may be longer than a narrow terminal: they are of no use in pieces.
const mayBeLonger = /^\s*(https?:\S*|`[^`]*`)$/;

describe.each(Object.entries(states))('a migration that is %s', (name, document) => {
  it('fits 60, 80 and 200 columns, with every figure whole', () => {
    const screens = widths.map((columns) => {
      const frame = layOutFrame(migrationFrame(document, view), { columns, rows: 40 });
      const status = renderStatus(document, { ...view, style, columns }).split('\n');
      return screenText(columns, [...frame, '', ...status]);
    });
    expectScreens(name, screens);
  });

  it.each([10, 16])('fits %d rows, with what matters most', (rows) => {
    const lines = layOutFrame(migrationFrame(document, view), { columns: 60, rows });
    expect(lines.length).toBeLessThan(rows);
    expect(lines[0]).toContain(document.phase);
  });
});

describe('a list of migrations', () => {
  const old: StatusDocument = { ...completedDocument, name: 'years-2019', endedAt: '2026-01-02T03:04:45.000Z' };
  const blocked = { ...states['blocked']!, name: 'orders-of-all-years-before-2019' };

  it('fits 60, 80 and 200 columns, with every figure whole', () => {
    const listed = [running, blocked, states['in-round-2']!, old];
    const screens = widths.map((columns) =>
      screenText(columns, renderList(listed, { style, nowMs, columns }).split('\n')),
    );
    expectScreens('list', screens);
  });
});

it('has a golden file for every state, and no file more', () => {
  expect(readdirSync(folder).sort()).toEqual([...Object.keys(states), 'list'].map((name) => `${name}.txt`).sort());
});

function screenText(columns: number, lines: readonly string[]): string {
  for (const line of lines) if (!mayBeLonger.test(line)) expect(displayWidth(line), line).toBeLessThan(columns);
  return [`── ${String(columns)} columns`, ...lines, ''].join('\n');
}

function expectScreens(name: string, screens: readonly string[]): void {
  const path = join(folder, `${name}.txt`);
  const text = screens.join('\n');
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
  expect(text, `${path}; if the change is meant, run this test with UPDATE_GOLDEN=1`).toBe(readFileSync(path, 'utf8'));
}
