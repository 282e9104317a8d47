import { describe, expect, it } from 'vitest';
import { judgeRetention, judgeSearchAttributes, judgeWorkers } from '../../../../src/commands/check/judge-temporal.js';
import { searchAttributeTypes } from '../../../../src/workflows/messages.js';

const hourMs = 3_600_000;

describe('judging the workers', () => {
  it.each<[readonly string[], object]>([
    [
      [],
      {
        ...{ verdict: 'failed', class: 'NoWorkers', message: 'no worker answers on task queue longhaul' },
        fix: 'start `longhaul-worker` with the same TEMPORAL_* and LONGHAUL_TASK_QUEUE as here',
      },
    ],
    [['a/1 longhaul 1.2.3'], { verdict: 'ok', message: '1 process of longhaul 1.2.3' }],
    [
      ['a/1 longhaul 1.2.3 0b7c1f5e', 'a/2 longhaul 1.2.3 1c8d2a6f'],
      { verdict: 'ok', message: '2 processes of longhaul 1.2.3' },
    ],
    [
      ['a/1 longhaul 1.2.3 0b7c1f5e', 'b/1 longhaul 1.1.0', '7@c'],
      {
        ...{ verdict: 'warning', message: '3 processes of another program, longhaul 1.1.0, longhaul 1.2.3' },
        fix: 'bring all of them and this program, longhaul 1.2.3, to one version',
      },
    ],
  ])('%j', (identities, expected) => {
    const what = 'workers on task queue longhaul';
    expect(judgeWorkers(identities, 'longhaul', '1.2.3')).toEqual({ id: 'temporal/workers', what, ...expected });
  });
});

describe('judging the retention', () => {
  it.each<[number | undefined, object]>([
    [undefined, { verdict: 'unchecked', message: 'the server does not say' }],
    [720 * hourMs, { verdict: 'ok', message: 'closed workflows are kept for 30 d 0 h' }],
    [
      24 * hourMs,
      {
        verdict: 'warning',
        message:
          'closed workflows are kept for 1 d 0 h: partitions that end early may disappear from the Web UI before the ' +
          'migration has ended',
        fix: '`temporal operator namespace update --retention 100h --namespace default`',
      },
    ],
  ])('of %s ms', (retentionMs, expected) => {
    expect(judgeRetention(retentionMs, 'default', 100 * hourMs)).toMatchObject(expected);
  });
});

describe('judging the search attributes', () => {
  const server = { address: '127.0.0.1:7233', namespace: 'default' };
  const { LonghaulTotal: _total, LonghaulPhase: _phase, ...some } = searchAttributeTypes;

  it.each<[string, Readonly<Record<string, string>> | undefined, object]>([
    ['all', { ...searchAttributeTypes, Other: 'Text' }, { verdict: 'ok', message: 'all are registered' }],
    ['hidden ones', undefined, { verdict: 'unchecked', message: 'the server does not list them' }],
    [
      'ones of another type',
      { ...searchAttributeTypes, LonghaulTotal: 'Keyword' },
      {
        ...{ verdict: 'warning', message: 'of another type: LonghaulTotal (Keyword)' },
        fix: 'remove them with `temporal operator search-attribute remove`, then run this check again',
      },
    ],
    [
      'missing ones',
      some,
      {
        verdict: 'warning',
        message: 'not registered: LonghaulPhase, LonghaulTotal; the migration runs without them',
        fix:
          '`temporal operator search-attribute create --address 127.0.0.1:7233 --namespace default ' +
          '--type Keyword --name LonghaulPhase` and `temporal operator search-attribute create ' +
          '--address 127.0.0.1:7233 --namespace default --type Int --name LonghaulTotal`',
      },
    ],
  ])('%s', (_title, known, expected) => {
    expect(judgeSearchAttributes(known, server)).toMatchObject(expected);
  });
});
