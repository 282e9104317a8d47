import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/activities/observe/pace.js';
import { tallyOf } from '../../support/fakes/tally-of.js';

/** A pace that has seen these numbers of finished units, one every `everyMs`. */
function paceOf(done: readonly number[], everyMs = 5_000): Pace {
  const pace = new Pace();
  for (const [look, units] of done.entries()) pace.add(look * everyMs, tallyOf(units), false);
  return pace;
}
const steadily = (looks: number): number[] => Array.from({ length: looks }, (_unused, look) => look * 50);

describe('the time left', () => {
  test('is known after the second look, and doubtful at first', () => {
    expect(paceOf([0]).eta(1_000, tallyOf(0))).toBeUndefined();
    expect(paceOf([0, 50]).eta(1_000, tallyOf(50))).toEqual({
      ...{ seconds: 95, range: { fromSeconds: 64, toSeconds: 190 } },
    });
  });

  test('is unknown while nothing has finished, and none when all has', () => {
    expect(paceOf([7, 7, 7]).eta(1_000, tallyOf(7))).toBeUndefined();
    expect(paceOf([7, 7]).eta(7, tallyOf(7))).toEqual({ seconds: 0, range: { fromSeconds: 0, toSeconds: 0 } });
  });

  test('has a narrow range where the speed is steady, and a wide one where it is not', () => {
    const steady = paceOf(steadily(21)).eta(11_000, tallyOf(1_000));
    expect(steady).toEqual({ seconds: 1_000, range: { fromSeconds: 941, toSeconds: 1_068 } });
    const jumpy = steadily(21).map((units, look) => (look % 2 === 0 ? units : units - 40));
    expect(paceOf(jumpy).eta(11_000, tallyOf(1_000))).toMatchObject({
      seconds: 1_000,
      range: { fromSeconds: 732, toSeconds: 1_580 },
    });
  });

  test('goes by what has passed in the last twenty minutes', () => {
    // Ten units a second for half an hour, then one a second for half an hour.
    const fast = Array.from({ length: 360 }, (_unused, look) => look * 50);
    const slow = Array.from({ length: 360 }, (_unused, look) => 18_000 + look * 5);
    const eta = paceOf([...fast, ...slow]).eta(20_795, tallyOf(19_795));
    expect(eta?.seconds).toBe(1_000);
  });

  test('does not count the time for which the migration was held', () => {
    const pace = paceOf([0, 50]);
    pace.add(3_600_000, tallyOf(50), true);
    pace.add(3_605_000, tallyOf(100), false);
    expect(pace.mean(tallyOf(100))?.unitsPerSecond).toBe(10);
    expect(pace.eta(1_000, tallyOf(100))?.seconds).toBe(90);
  });

  test('does not count what earlier runs had done, which becomes known while the slices begin', () => {
    const pace = new Pace();
    const resumed = (units: number, before: number) => ({
      ...tallyOf(units),
      beforeRun: { units: before, blobs: before * 10, sourceBytes: before * 1_000 },
    });
    pace.add(0, tallyOf(0), false);
    pace.add(5_000, resumed(4_050, 4_000), false);
    pace.add(10_000, resumed(9_100, 9_000), false);
    expect(pace.mean(resumed(9_100, 9_000))).toEqual({
      ...{ unitsPerSecond: 10, blobsPerSecond: 100, sourceBytesPerSecond: 10_000 },
    });
    expect(pace.eta(10_100, resumed(9_100, 9_000))?.seconds).toBe(100);
  });

  test('does not count a night without workers as time at work', () => {
    const pace = paceOf([0, 50]);
    pace.add(8 * 3_600_000, tallyOf(50), false);
    expect(pace.state?.workedMs).toBe(65_000);
  });

  test('is known at once to the next attempt', () => {
    const { state } = paceOf(steadily(21));
    const next = new Pace({ pace: state, atMs: 100_000, tally: tallyOf(1_000) });
    next.add(105_000, tallyOf(1_050), false);
    expect(next.eta(11_050, tallyOf(1_050))).toMatchObject({ seconds: 1_000 });
    expect(next.mean(tallyOf(1_050))?.unitsPerSecond).toBe(10);
  });

  test('takes little room in a heartbeat, however long it runs', () => {
    const { state } = paceOf(Array.from({ length: 20_000 }, (_unused, look) => look * 12_345_678));
    expect(JSON.stringify(state).length).toBeLessThan(700);
  });
});
