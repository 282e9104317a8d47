import { describe, expect, it } from 'vitest';
import { checkStatus, worstVerdict } from '../../../../src/commands/check/check-document.js';
import { estimateRun, neededMs } from '../../../../src/commands/check/estimate-run.js';
import { judgeEnd } from '../../../../src/commands/check/judge-end.js';
import { mergePlaces } from '../../../../src/commands/check/merge-places.js';
import { UnitSampler } from '../../../../src/commands/check/unit-sampler.js';
import type { FailureClass } from '../../../../src/domain/failure-classes.js';
import type { Probe } from '../../../../src/domain/probe.js';
import type { RenderedLookup } from '../../../../src/domain/rendered-find.js';

const hourMs = 3_600_000;
const probe = (more: Partial<Probe> = {}): Probe => ({
  ...{ id: 'target/bucket', what: 'bucket archive', verdict: 'ok', message: 'it is there' },
  ...more,
});
const failed = (failureClass?: FailureClass, id = 'target/bucket'): Probe =>
  probe({ id, verdict: 'failed', ...(failureClass !== undefined && { class: failureClass }) });

describe('the exit status of a check', () => {
  it.each<[string, readonly Probe[], number]>([
    ['all is well', [probe()], 0],
    [
      'there are warnings and things that could not be checked',
      [probe({ verdict: 'warning' }), probe({ verdict: 'unchecked' })],
      0,
    ],
    ['the file is wrong', [failed('ConfigError', 'file/definition')], 2],
    ['a bucket is missing', [failed('TargetMissing')], 2],
    ['a credential is refused', [failed('SourceAuth', 'source/east/list')], 2],
    ['a unit would fail', [failed('SourceMissing', 'source/east/list')], 2],
    ['the store ignores conditions', [failed('TargetCapability')], 2],
    ['a store cannot be reached', [failed('TargetNetwork')], 6],
    ['no worker is there', [failed('NoWorkers', 'temporal/workers')], 6],
    ['Temporal cannot be reached', [failed(undefined, 'temporal/server')], 6],
    [
      'something is wrong and something cannot be reached',
      [failed(undefined, 'temporal/server'), failed('TargetMissing')],
      2,
    ],
    ['there is a defect', [failed('Unexpected'), failed('TargetNetwork')], 1],
  ])('if %s', (_title, probes, status) => {
    expect(checkStatus(probes)).toBe(status);
  });

  it('is that of the worst verdict, not counting what is unchecked', () => {
    expect(worstVerdict([probe(), probe({ verdict: 'unchecked' })])).toBe('ok');
    expect(worstVerdict([probe({ verdict: 'warning' }), probe()])).toBe('warning');
    expect(worstVerdict([probe({ verdict: 'warning' }), failed()])).toBe('failed');
  });
});

describe('the guess at the time of a migration', () => {
  it('scales what some lookups have found to all units and divides it among the processes', () => {
    const sample = { lookups: 4, blobs: 40, bytes: 4_000_000 };
    const estimate = estimateRun({ units: 1_000, lookupsOfUnit: 2, sample, processes: 2 });
    expect(estimate).toEqual({ blobs: 20_000, bytes: 2_000_000_000, durationMs: 540_000, processes: 2 });
    expect(neededMs(estimate)).toBe(2 * 540_000 + 24 * hourMs);
  });

  it('is a week when nothing was found', () => {
    const nothing = { lookups: 4, blobs: 0, bytes: 0 };
    for (const sample of [nothing, undefined])
      expect(estimateRun({ units: 1_000, lookupsOfUnit: 2, sample, processes: 0 })).toBeUndefined();
    expect(neededMs(undefined)).toBe(7 * 24 * hourMs);
  });
});

describe('the end of a credential', () => {
  const nowMs = Date.parse('2026-01-02T03:04:05Z');
  const when = { nowMs, neededMs: 48 * hourMs };

  it('is a warning if it may come before that of the migration', () => {
    const early = probe({ message: 'a SAS token', endsAt: '2026-01-03T00:00:00.000Z' });
    expect(judgeEnd(early, when)).toEqual({
      ...{ ...early, verdict: 'warning', message: 'a SAS token, perhaps before the migration has ended' },
      fix:
        'use one that is valid until 2026-01-04T03:04Z, or renew it before it ends: workers read it again from its ' +
        'file when it is refused',
    });
  });

  it('changes nothing if it comes later, if there is none, or if the probe has failed', () => {
    const others = [
      probe({ endsAt: '2026-01-05T00:00:00.000Z' }),
      probe(),
      { ...failed(), endsAt: '2026-01-03T00:00:00.000Z' },
    ];
    for (const each of others) expect(judgeEnd(each, when)).toBe(each);
  });
});

describe('probes that were made here and on a worker', () => {
  it('become one if they say the same, whatever names their objects and requests had', () => {
    const of = (token: string, request: string): Probe =>
      probe({ message: `put check/17673-${token}/a: no (400 request ${request})` });
    const [here, there] = [
      of('0b7c1f5e-0000-4000-8000-000000000001', 'A1'),
      of('0b7c1f5e-0000-4000-8000-000000000002', 'B2'),
    ];
    expect(mergePlaces([here], [there])).toEqual([{ ...here, from: ['here', 'worker'] }]);
  });

  it('stay apart if they differ, next to each other, and those of the worker alone come last', () => {
    const worker = [failed('TargetForbidden'), probe({ id: 'target/list' })];
    expect(mergePlaces([probe(), probe({ id: 'target/abort' })], worker)).toEqual([
      { ...probe(), from: ['here'] },
      { ...worker[0], from: ['worker'] },
      { ...probe({ id: 'target/abort' }), from: ['here'] },
      { ...worker[1], from: ['worker'] },
    ]);
  });
});

describe('the units that stand for the others', () => {
  const unit = (index: number, account: string) => ({ index, id: `u${index}`, key: `k${index}`, fields: { account } });
  const find = {
    lookups: ({ fields }: { readonly fields: Readonly<Record<string, string>> }) =>
      [0, 1].map((lookup): RenderedLookup => {
        const place = {
          account: fields['account'] ?? '',
          container: 'events',
          find: { kind: 'blob', name: 'a' },
        } as const;
        return { ...place, lookup, combination: 0, optional: false };
      }),
  };

  it('are two of each account, looked for among the first thousand and every thousandth', () => {
    const sampler = new UnitSampler(find, ['east', 'west', 'north']);
    for (let index = 0; index < 5_001; index += 1) {
      sampler.see(unit(index, index < 10 ? 'east' : index === 1_500 ? 'north' : index < 3_000 ? 'west' : 'north'));
    }
    expect(sampler.units.map(({ index }) => index)).toEqual([0, 1, 10, 11, 3_000, 4_000]);
    expect(sampler.lookupsOfUnit).toBe(2);
  });

  it('are fifty at most', () => {
    const accounts = Array.from({ length: 100 }, (_unused, index) => `a${index}`);
    const sampler = new UnitSampler(find, accounts);
    for (const [index, account] of accounts.entries()) sampler.see(unit(index, account));
    expect(sampler.units).toHaveLength(50);
  });
});
