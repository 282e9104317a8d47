import { describe, expect, test } from 'vitest';
import { zeroRate, type Progress } from '../../../../src/domain/progress.js';
import { currentDetails } from '../../../../src/workflows/migration/current-details.js';
import { tallyOf } from '../../../support/fakes/fake-migration.js';

describe('the current details', () => {
  const progress: Progress = {
    round: 0,
    total: 60_000,
    tally: { ...tallyOf(23_000), units: { done: 23_000, found: 12, empty: 900, failed: 100 } },
    rate: { unitsPerSecond: 31.24, blobsPerSecond: 312.4, sourceBytesPerSecond: 3_210_000 },
    etaSeconds: 4_000,
    blocked: [],
    at: '2026-01-01T00:00:00Z',
  };

  test('begin with the state in bold and the counts', () => {
    expect(currentDetails('running', progress).split('\n')).toEqual([
      '**running** 24,000 of 60,000 units (40.0 %), failed 100',
      '',
      '- done 23,000 units (12 of them found in place), empty 900',
      '- 230,000 blobs, 23.0 MB read, 115.0 MB uncompressed, 20.7 MB written',
      '- 31.2 units/s, 312.4 blobs/s, 3.2 MB/s read',
      '- ready in 1 h 07 min',
      '- as of 2026-01-01T00:00:00Z',
    ]);
  });

  test('say how many units have changed since the plan, where units were compared with one', () => {
    const tally = { ...progress.tally, sincePlan: { compared: 24_000, changed: 3 } };
    expect(currentDetails('running', { ...progress, tally })).toContain(
      '- 3 of 24,000 units have changed since the plan\n',
    );
  });

  test('say what blocks, and why it failed', () => {
    const since = '2026-01-01T00:00:00Z';
    const blocked = [{ what: 'account east', class: 'SourceAuth', message: 'expired', since, units: 5 }] as const;
    const failure = { class: 'Superseded', message: 'taken over' } as const;
    const text = currentDetails('failed', { ...progress, rate: zeroRate, etaSeconds: null, blocked }, failure);
    expect(text).toContain(
      '- **blocked: account east** (SourceAuth, since 2026-01-01T00:00:00Z, 5 units wait): expired.',
    );
    expect(text).toContain('- **Superseded**: taken over');
    expect(text).not.toContain('ready in');
  });

  test('show what units wait for that passes by itself', () => {
    const since = '2026-01-01T00:00:00Z';
    const waiting = [{ what: 'target archive', class: 'TargetNetwork', message: 'refused', since, units: 5 }] as const;
    expect(currentDetails('running', { ...progress, waiting })).toContain(
      '- **waiting: target archive** (TargetNetwork, since 2026-01-01T00:00:00Z, 5 units wait): refused.',
    );
  });

  test('show what a server says as text: no link, no HTML, no line of its own', () => {
    const said =
      'see https://evil.example/x, [here](javascript:alert(1)) <img src=x> **now**\n# mail a@b.example\u202e';
    const failure = { class: 'Superseded', message: said } as const;
    expect(currentDetails('failed', progress, failure).split('\n').at(-2)).toBe(
      '- **Superseded**: see https\\://evil\\.example/x, \\[here\\]\\(javascript:alert\\(1\\)\\) ' +
        '\\<img src=x\\> \\*\\*now\\*\\* \\# mail a\\@b\\.example ',
    );
  });

  test('show the message of what blocks as text', () => {
    const since = '2026-01-01T00:00:00Z';
    const blocked = [{ what: 'account east', class: 'SourceAuth', message: '<img src=x>', since, units: 5 }] as const;
    expect(currentDetails('blocked', { ...progress, blocked })).toContain('5 units wait): \\<img src=x\\>.');
  });

  test('do not show all as done before all is', () => {
    expect(currentDetails('running', { ...progress, total: 24_001 })).toContain('(99.9 %)');
  });
});
