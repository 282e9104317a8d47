import { describe, expect, it } from 'vitest';
import { migrationFrame } from '../../../../src/commands/status/migration-frame.js';
import { renderStatus, type StatusView } from '../../../../src/commands/status/render-status.js';
import { createStyle } from '../../../../src/commands/screen/create-style.js';
import { printable } from '../../../../src/commands/screen/printable.js';
import type { FailureClass } from '../../../../src/domain/failure-classes.js';
import { type Blocked, phases } from '../../../../src/domain/figures/progress.js';
import type { StatusDocument } from '../../../../src/commands/status/status-document.js';
import { completedDocument, runningDocument } from '../sample-documents.js';

const nowMs = Date.parse('2026-01-02T03:04:05.000Z');
const plain: StatusView = { style: createStyle(false), nowMs, invocation: 'longhaul', operand: 'orders' };
const blocked: readonly Blocked[] = [
  {
    ...{ what: 'account east', class: 'SourceAuth', message: 'the key was refused' },
    ...{ since: '2026-01-02T03:04:00.000Z', units: 12 },
  },
];

describe('status as text', () => {
  it('shows a running migration', () => {
    expect(renderStatus(runningDocument, plain)).toBe(
      [
        'orders  running for 1 min 00 s',
        '  units   403 of 1,000 (40.3 %): 400 done, of these 3 found; 2 empty; 1 failed',
        '  blobs   4,021',
        '  bytes   41.0 MB in, 180.3 MB uncompressed, 39.8 MB out',
        '  rate    31.2 units/s, 312.5 blobs/s, 3.2 MB/s in',
        '  ETA     19 s',
        '  Web UI  http://127.0.0.1:8233/namespaces/default/workflows/migration%2Forders/run-1/user-metadata',
        '  next: follow it: `longhaul watch orders`',
      ].join('\n'),
    );
  });

  it('shows how long an ended one took', () => {
    expect(renderStatus(completedDocument, plain)).toContain(
      'orders  completed after 1 min 40 s, at 2026-01-02 03:04:45 UTC\n',
    );
  });

  it('shows what blocks, and why it failed with what to do', () => {
    const text = renderStatus({ ...runningDocument, phase: 'blocked', blocked }, plain);
    expect(text).toContain('  blocked: account east (SourceAuth): the key was refused, 12 units wait for 5.0 s\n');
    const failure = { class: 'ConfigError/Credential', message: 'no credential' };
    expect(renderStatus({ ...runningDocument, phase: 'failed', failure }, plain)).toContain(
      '\n  ConfigError/Credential: no credential\n',
    );
  });

  it('paints only where colours are wanted', () => {
    const painted = renderStatus(completedDocument, { ...plain, style: createStyle(true) });
    expect(printable(painted, { isStyled: true })).toContain('\u001b[32mcompleted\u001b[39m');
    expect(renderStatus(completedDocument, plain)).not.toContain('\u001b');
  });
});

describe('what to do next', () => {
  const next = (document: Partial<StatusDocument>): string | undefined =>
    renderStatus({ ...runningDocument, ...document }, plain)
      .split('\n')
      .at(-1);
  const class_ = (failureClass: FailureClass): Blocked => ({ ...blocked[0]!, class: failureClass });

  it.each(phases)('ends the status in phase %s, with a command to paste', (phase) => {
    expect(next({ phase })).toMatch(/^ {2}next: .*`longhaul (watch|resume|retry|start) .*`$/);
  });

  it.each<[FailureClass, RegExp]>([
    ['SourceForbidden', /^ {2}next: let the credential list .*; to try again at once: `longhaul resume orders`$/],
    ['NoWorkers', /^ {2}next: start `longhaul-worker`/],
    [
      'TooManyFailures',
      /`longhaul failures orders`; then `longhaul resume orders --accept-failures` or `longhaul cancel/,
    ],
  ])('of a migration that %s blocks fits what blocks it', (failureClass, words) => {
    expect(next({ phase: 'blocked', blocked: [class_(failureClass)] })).toMatch(words);
  });

  it('promises nothing that continues on its own once a migration has failed', () => {
    const failure = { class: 'SourceForbidden', message: 'the server answered 403' };
    expect(next({ phase: 'failed', failure })).toBe(
      '  next: let the credential list and read in the account; then continue: `longhaul resume orders`',
    );
  });

  it('quotes a file whose name a shell would take apart', () => {
    const text = renderStatus(runningDocument, { ...plain, operand: "my file's.yaml" });
    expect(text).toContain(String.raw`longhaul watch 'my file'\''s.yaml'`);
  });
});

describe('how long', () => {
  it('a migration has been paused is counted from the pause', () => {
    const document = { ...runningDocument, phase: 'paused', phaseSince: '2026-01-02T03:03:55.000Z' } as const;
    expect(renderStatus(document, plain)).toMatch(/^orders {2}paused for 10 s, started 1 min 00 s ago\n/);
    expect(renderStatus({ ...document, phaseSince: null }, plain)).toMatch(
      /^orders {2}paused, started 1 min 00 s ago\n/,
    );
  });
});

describe('progress', () => {
  it('shows units, blobs, bytes, rates and time left, beside a bar and as a line', () => {
    expect(migrationFrame({ ...runningDocument, blocked }, plain)).toEqual({
      done: 403,
      total: 1_000,
      head: ['running: 403 of 1,000 units (40.3 %)', '1 failed', '3 found', '2 empty'],
      rows: [
        ['ETA 19 s', '31.2 units/s'],
        ['blocked: account east (SourceAuth): the key was refused, 12 units wait for 5.0 s'],
        ['next: renew the credential of the account; Longhaul then continues on its own'],
        ['4,021 blobs at 312.5/s', '41.0 MB in at 3.2 MB/s', '39.8 MB out at 3.1 MB/s'],
      ],
      line:
        'running: 403 of 1,000 units (40.3 %), 1 failed, 3 found, 2 empty; ETA 19 s, 31.2 units/s; ' +
        '4,021 blobs at 312.5/s, 41.0 MB in at 3.2 MB/s, 39.8 MB out at 3.1 MB/s; ' +
        'blocked: account east (SourceAuth): the key was refused, 12 units wait for 5.0 s; ' +
        'next: renew the credential of the account; Longhaul then continues on its own',
      state: 'running\naccount east SourceAuth',
    });
  });

  it('says how many units have changed since the plan, if any have', () => {
    const frame = (changed: number) =>
      migrationFrame({ ...runningDocument, sincePlan: { compared: 403, changed } }, plain);
    expect(frame(3).head.at(-1)).toBe('3 changed since the plan');
    expect(frame(0)).toEqual(migrationFrame(runningDocument, plain));
  });
});
