import { describe, expect, test } from 'vitest';
import { zeroRate, type Progress } from '../../../../src/domain/figures/progress.js';
import { currentDetails, type MigrationView } from '../../../../src/workflows/migration/current-details.js';
import { tallyOf } from '../../../support/fakes/tally-of.js';

const since = '2026-01-01T00:00:00Z';
const progress: Progress = {
  round: 0,
  total: 60_000,
  tally: { ...tallyOf(23_000), units: { done: 23_000, found: 12, empty: 900, failed: 100 } },
  rate: { unitsPerSecond: 31.24, blobsPerSecond: 312.4, sourceBytesPerSecond: 3_210_000 },
  etaSeconds: 4_000,
  blocked: [],
  at: '2026-01-01T02:00:10.123Z',
};
const running: MigrationView = { name: 'orders', phase: 'running', since, progress, hasFigures: true };
const linesOf = (view: Partial<MigrationView>, change: Partial<Progress> = {}) =>
  currentDetails({ ...running, ...view, progress: { ...progress, ...view.progress, ...change } }).split('\n');

describe('the current details', () => {
  test('begin with the state in bold, the counts, and the time of the figures', () => {
    expect(linesOf({})).toEqual([
      '**running** since 2026-01-01 00:00 UTC: 24,000 of 60,000 units (40.0 %), 100 failed',
      '',
      'Figures of 2026-01-01 02:00:10 UTC; the newest: `longhaul status orders`',
      '',
      '- next: follow it: `longhaul watch orders`',
      '- 23,000 units done (12 of them found in place), 900 empty',
      '- 230,000 blobs: 23.0 MB read, 115.0 MB uncompressed, 20.7 MB written',
      '- 31.2 units/s, 312.4 blobs/s, 3.2 MB/s read',
      '- ends about 2026-01-01 03:06 UTC, after 1 h 07 min',
    ]);
  });

  test('compare the speed with that of the whole round, and say how uncertain the end is', () => {
    const meanRate = { unitsPerSecond: 20, blobsPerSecond: 200, sourceBytesPerSecond: 2_000_000 };
    const lines = linesOf({}, { meanRate, etaRange: { fromSeconds: 3_600, toSeconds: 7_200 } });
    expect(lines).toContain(
      '- 31.2 units/s, 312.4 blobs/s, 3.2 MB/s read; on average 20.0 units/s, 200.0 blobs/s, 2.0 MB/s read',
    );
    expect(lines).toContain(
      '- ends about 2026-01-01 03:06 UTC, after 1 h 07 min, ' + 'between 2026-01-01 03:00 UTC and 2026-01-01 04:00 UTC',
    );
  });

  test('say nothing of an end that is not known, or that is there', () => {
    for (const etaSeconds of [null, 0]) {
      const lines = linesOf({}, { etaSeconds });
      expect(lines).toContain('- 31.2 units/s, 312.4 blobs/s, 3.2 MB/s read');
      expect(lines.join('\n')).not.toContain('ends about');
    }
  });

  test('name credentials that end soon, and the stores that asked for fewer requests, until the end', () => {
    const notes = {
      credentials: [{ what: 'account west', endsAt: '2026-01-02T00:00:00Z' }],
      throttled: [{ what: 'account east', perSecond: 12, since: '2026-01-01T01:00:00Z' }],
    };
    expect(linesOf(notes).slice(4, 7)).toEqual([
      '- **the credential of account west** ends 2026-01-02 00:00:00 UTC. ' +
        'Next: renew it before that; workers read it again by themselves',
      '- throttled: account east gets 12.0 requests/s from a process, since 2026-01-01 01:00:00 UTC',
      '- next: follow it: `longhaul watch orders`',
    ]);
    expect(linesOf({ ...notes, phase: 'completed' }).join('\n')).not.toMatch(/credential|throttled/);
  });

  test('show no figures before anybody has counted', () => {
    expect(linesOf({ phase: 'preparing', hasFigures: false })).toEqual([
      '**preparing** since 2026-01-01 00:00 UTC: 60,000 units',
      '',
      'Nothing has been counted yet; the newest: `longhaul status orders`',
      '',
      '- next: follow it: `longhaul watch orders`',
    ]);
  });

  test('show neither a speed nor an end while the migration is held', () => {
    const text = linesOf({ phase: 'paused' }).join('\n');
    expect(text).toContain('- next: continue it: `longhaul resume orders`');
    expect(text).not.toMatch(/units\/s|ends about/);
  });

  test('say how many units have changed since the plan, where units were compared with one', () => {
    const tally = { ...progress.tally, sincePlan: { compared: 24_000, changed: 3 } };
    expect(linesOf({}, { tally })).toContain('- 3 of 24,000 units have changed since the plan');
  });

  test('name the classes of the failed units, the most frequent first, and what to do', () => {
    const failures = { SourceChanged: 1, SourceMissing: 90, EmptyUnit: 2, SourceArchived: 3, Poison: 2, Incomplete: 2 };
    const lines = linesOf({}, { tally: { ...progress.tally, failures } }).slice(-6);
    expect(lines[0]).toBe(
      '- failed with SourceMissing: 90. Next: a blob or container is gone; restore it or correct the unit',
    );
    expect(lines.at(-1)).toBe('- failed with another class: 1');
  });

  test('add up all rounds, of which one may have left failed units', () => {
    const tally = { ...tallyOf(10), earlier: { done: 0, found: 0, empty: 0, failed: 10 } };
    const before = { total: 60_000, done: 59_900, found: 0, empty: 80, failed: 20 };
    const lines = linesOf({ phase: 'completed', before }, { round: 1, total: 10, tally });
    expect(lines[0]).toBe(
      '**completed-with-failures** (round 1) since 2026-01-01 00:00 UTC: 10 of 10 units (100.0 %), 0 failed',
    );
    expect(lines).toContain('- over all rounds: 59,910 done, 80 empty, 10 failed of 60,000 units');
    expect(lines).toContain(
      '- next: see what has failed: `longhaul failures orders`; then move it again: `longhaul retry orders`',
    );
  });

  test('say first what blocks, since when, and what to do', () => {
    const blocked = [{ what: 'account east', class: 'SourceAuth', message: 'expired', since, units: 5 }] as const;
    expect(linesOf({ phase: 'blocked' }, { blocked }).slice(4, 6)).toEqual([
      '- **blocked: account east** (SourceAuth) since 2026-01-01 00:00:00 UTC, 5 units wait: expired',
      '- next: renew the credential of the account; Longhaul then continues on its own; ' +
        'to try again at once: `longhaul resume orders`',
    ]);
  });

  test('say why a migration failed', () => {
    const failure = { class: 'Superseded', message: 'taken over' } as const;
    const text = linesOf({ phase: 'failed', failure }, { rate: zeroRate, etaSeconds: null }).join('\n');
    expect(text).toContain('- **Superseded**: taken over');
    expect(text).not.toContain('ends about');
  });

  test('show what units wait for that passes by itself', () => {
    const waiting = [{ what: 'target archive', class: 'TargetNetwork', message: 'refused', since, units: 5 }] as const;
    expect(linesOf({}, { waiting })).toContain(
      '- **waiting: target archive** (TargetNetwork) since 2026-01-01 00:00:00 UTC, 5 units wait: refused. ' +
        'Next: check the network to the target',
    );
  });

  test('show what a server says as text: no link, no HTML, no line of its own', () => {
    const said =
      'see https://evil.example/x, [here](javascript:alert(1)) <img src=x> **now**\n# mail a@b.example\u202e';
    const failure = { class: 'Superseded', message: said } as const;
    expect(linesOf({ phase: 'failed', failure })[4]).toBe(
      '- **Superseded**: see https\\://evil\\.example/x, \\[here\\]\\(javascript:alert\\(1\\)\\) ' +
        '\\<img src=x\\> \\*\\*now\\*\\* \\# mail a\\@b\\.example ',
    );
  });

  test('show the message of what blocks as text', () => {
    const blocked = [{ what: 'account east', class: 'SourceAuth', message: '<img src=x>', since, units: 5 }] as const;
    expect(linesOf({ phase: 'blocked' }, { blocked }).join('\n')).toContain('5 units wait: \\<img src=x\\>');
  });

  test('do not show all as done before all is', () => {
    expect(linesOf({}, { total: 24_001 })[0]).toContain('(99.9 %)');
  });
});
