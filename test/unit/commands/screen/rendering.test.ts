import { describe, expect, it } from 'vitest';
import { migrationFrame } from '../../../../src/commands/status/migration-frame.js';
import { renderStatus } from '../../../../src/commands/status/render-status.js';
import { createStyle } from '../../../../src/commands/screen/create-style.js';
import { completedDocument, runningDocument } from '../sample-documents.js';

const nowMs = Date.parse('2026-01-02T03:04:05.000Z');
const plain = createStyle(false);
const blocked = [
  {
    ...{ what: 'account east', class: 'SourceAuth' as const, message: 'the key was refused' },
    ...{ since: '2026-01-02T03:04:00.000Z', units: 12 },
  },
];

describe('status as text', () => {
  it('shows a running migration', () => {
    expect(renderStatus(runningDocument, plain, nowMs)).toBe(
      [
        'orders  running for 1 min 00 s',
        '  units   403 of 1,000 (40.3 %): 400 done, of these 3 found; 2 empty; 1 failed',
        '  blobs   4,021',
        '  bytes   41.0 MB in, 180.3 MB uncompressed, 39.8 MB out',
        '  rate    31.2 units/s, 312.5 blobs/s, 3.2 MB/s in, ETA 19 s',
        '  Web UI  http://127.0.0.1:8233/namespaces/default/workflows/migration%2Forders/run-1',
      ].join('\n'),
    );
  });

  it('shows how long an ended one took', () => {
    expect(renderStatus(completedDocument, plain, nowMs)).toContain(
      'orders  completed after 1 min 40 s, 2026-01-02T03:04:45.000Z\n',
    );
  });

  it('shows what blocks, and why it failed with what to do', () => {
    const text = renderStatus({ ...runningDocument, phase: 'blocked', blocked }, plain, nowMs);
    expect(text).toContain('  blocked: account east (SourceAuth): the key was refused, 12 units wait');
    const failure = { class: 'ConfigError/Credential', message: 'no credential' };
    expect(renderStatus({ ...runningDocument, phase: 'failed', failure }, plain, nowMs)).toContain(
      '\n  ConfigError/Credential: no credential\n  next: set the credential on the workers',
    );
  });

  it('paints only where colours are wanted', () => {
    expect(renderStatus(completedDocument, createStyle(true), nowMs)).toContain('\u001b[32mcompleted\u001b[39m');
    expect(renderStatus(completedDocument, plain, nowMs)).not.toContain('\u001b');
  });
});

describe('progress', () => {
  it('tells units, blobs, bytes, rates and time left, beside a bar and as a line', () => {
    expect(migrationFrame({ ...runningDocument, blocked })).toEqual({
      done: 403,
      total: 1_000,
      head: 'running: 403 of 1,000 units (40.3 %), 3 found, 2 empty, 1 failed',
      rows: [
        '  4,021 blobs at 312.5/s   41.0 MB in at 3.2 MB/s   39.8 MB out at 3.1 MB/s   ETA 19 s',
        '  blocked: account east (SourceAuth): the key was refused, 12 units wait',
      ],
      line:
        'running: 403 of 1,000 units (40.3 %), 3 found, 2 empty, 1 failed; 4,021 blobs at 312.5/s; ' +
        '41.0 MB in at 3.2 MB/s, 39.8 MB out at 3.1 MB/s; ETA 19 s; ' +
        'blocked: account east (SourceAuth): the key was refused, 12 units wait',
    });
  });
});
