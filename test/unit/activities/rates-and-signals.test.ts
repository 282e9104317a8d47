import { describe, expect, test } from 'vitest';
import { RateWindow } from '../../../src/activities/observe/rate-window.js';
import { nextSignal, nothingSignalled, signalsMax } from '../../../src/activities/observe/signal-policy.js';
import { zeroRate, type Progress } from '../../../src/domain/figures/progress.js';
import { tallyOf } from '../../support/fakes/tally-of.js';

describe('the rate', () => {
  test('is zero at the first look, then counts what was moved since', () => {
    const rates = new RateWindow();
    expect(rates.add(0, tallyOf(100))).toEqual(zeroRate);
    expect(rates.add(10_000, tallyOf(150))).toEqual({
      ...{ unitsPerSecond: 5, blobsPerSecond: 50, sourceBytesPerSecond: 5_000 },
    });
  });

  test('does not count what earlier runs had done, which a slice tells when it has read its ledger', () => {
    const rates = new RateWindow();
    rates.add(0, tallyOf(0));
    const beforeRun = { units: 5_000, blobs: 50_000, sourceBytes: 5_000_000 };
    expect(rates.add(10_000, { ...tallyOf(5_050), beforeRun })).toEqual({
      ...{ unitsPerSecond: 5, blobsPerSecond: 50, sourceBytesPerSecond: 5_000 },
    });
  });

  test('forgets what was more than about a minute ago', () => {
    const rates = new RateWindow();
    let rate = zeroRate;
    // A thousand units in the first ten seconds, then one a second.
    for (let second = 0; second <= 200; second += 5) rate = rates.add(second * 1_000, tallyOf(1_000 + second));
    expect(rate.unitsPerSecond).toBe(1);
    for (let second = 205; second <= 270; second += 5) rate = rates.add(second * 1_000, tallyOf(1_200));
    expect(rate.unitsPerSecond).toBe(0);
  });
});

const progress = (done: number, blocked: Progress['blocked'] = []): Progress => ({
  ...{ round: 0, total: 10_000, tally: tallyOf(done), rate: zeroRate, etaSeconds: null, blocked, at: '' },
});
const east = (units: number) =>
  ({ what: 'account east', class: 'SourceAuth', message: 'm', since: '', units }) as const;

describe('the root', () => {
  test('hears of each half percent', () => {
    const first = nextSignal(nothingSignalled, progress(50));
    expect(nextSignal(first!, progress(99))).toBeUndefined();
    expect(nextSignal(first!, progress(100))).toMatchObject({ count: 2, finished: 100 });
  });

  test('hears of the first figures, and of none later than half an hour after the last ones', () => {
    const at = (time: string) => ({ ...progress(0), at: `2026-01-01T${time}Z` });
    const first = nextSignal(nothingSignalled, at('00:00:00'));
    expect(first).toMatchObject({ count: 1, finished: 0 });
    expect(nextSignal(first!, at('00:29:59'))).toBeUndefined();
    expect(nextSignal(first!, at('00:30:00'))).toMatchObject({ count: 2 });
  });

  test('hears nothing more while all is at rest', () => {
    const resting = (time: string) => ({ ...progress(0), rest: 3, at: `2026-01-01T${time}Z` });
    const heard = nextSignal(nothingSignalled, resting('00:00:00'));
    expect(nextSignal(heard!, resting('12:00:00'))).toBeUndefined();
  });

  test('hears of a change of what blocks, but not of how many units wait', () => {
    const blocked = nextSignal(nothingSignalled, progress(0, [east(1)]));
    expect(blocked).toMatchObject({ count: 1 });
    expect(nextSignal(blocked!, progress(0, [east(9)]))).toBeUndefined();
    expect(nextSignal(blocked!, progress(0))).toMatchObject({ count: 2, blocked: [] });
  });

  test('hears at most 500 times, and then every half hour', () => {
    const much = { ...nothingSignalled, count: signalsMax, at: '2026-01-01T00:00:00Z' };
    const later = (at: string) => ({ ...progress(10_000, [east(1)]), at });
    expect(nextSignal(much, later('2026-01-01T00:29:59Z'))).toBeUndefined();
    expect(nextSignal(much, later('2026-01-01T00:30:00Z'))).toMatchObject({ count: signalsMax + 1 });
  });

  test('hears each time that all is at rest, however often it has heard before', () => {
    const much = { ...nothingSignalled, count: signalsMax, at: '2026-01-01T00:00:00Z' };
    const resting = { ...progress(0), rest: 3, at: '2026-01-01T00:00:01Z' };
    const heard = nextSignal(much, resting);
    expect(heard).toMatchObject({ rest: 3 });
    expect(nextSignal(heard!, resting)).toBeUndefined();
  });

  test('hears once that too many units have failed, however often it has heard before', () => {
    const much = { ...nothingSignalled, count: signalsMax, at: '2026-01-01T00:00:00Z' };
    const tally = { ...tallyOf(0), units: { ...tallyOf(0).units, failed: 8 } };
    const failing = { ...progress(0), tally, at: '2026-01-01T00:00:01Z' };
    expect(nextSignal(much, failing, { kind: 'count', count: 8 })).toBeUndefined();
    const heard = nextSignal(much, failing, { kind: 'count', count: 7 });
    expect(heard).toMatchObject({ tooMany: true });
    expect(nextSignal(heard!, failing, { kind: 'count', count: 7 })).toBeUndefined();
  });

  test('hears of a change of what units wait for', () => {
    const first = nextSignal(nothingSignalled, progress(0));
    expect(nextSignal(first!, { ...progress(0), waiting: [east(1)] })).toMatchObject({ count: 2 });
  });

  test('hears when a store begins to throttle, but not by how much, and when a credential ends soon', () => {
    const first = nextSignal(nothingSignalled, progress(0));
    const throttled = (perSecond: number) => [{ what: 'account east', perSecond, since: '' }];
    const slowed = nextSignal(first!, { ...progress(0), throttled: throttled(9) });
    expect(slowed).toMatchObject({ count: 2 });
    expect(nextSignal(slowed!, { ...progress(0), throttled: throttled(3) })).toBeUndefined();
    expect(nextSignal(first!, { ...progress(0), credentials: [{ what: 'account east', endsAt: '' }] })).toBeDefined();
  });
});
