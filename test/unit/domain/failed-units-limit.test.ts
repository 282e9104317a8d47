import { describe, expect, it } from 'vitest';
import { hasTooManyFailures } from '../../../src/domain/failed-units-limit.js';
import { emptyTally, type Tally } from '../../../src/domain/figures/tally.js';

const tally = (done: number, failed: number): Tally => ({
  ...emptyTally,
  units: { ...emptyTally.units, done, failed },
});

describe('limits.failedUnits', () => {
  it('as a number is exceeded by one more', () => {
    const limit = { kind: 'count', count: 3 } as const;
    expect(hasTooManyFailures(limit, tally(10_000, 3))).toBe(false);
    expect(hasTooManyFailures(limit, tally(0, 4))).toBe(true);
  });

  it('as a share counts once more than 100 units have failed', () => {
    const limit = { kind: 'share', share: 0.05 } as const;
    expect(hasTooManyFailures(limit, tally(0, 100))).toBe(false);
    expect(hasTooManyFailures(limit, tally(0, 101))).toBe(true);
    expect(hasTooManyFailures(limit, tally(1_900, 101))).toBe(true);
    expect(hasTooManyFailures(limit, tally(2_000, 101))).toBe(false);
  });
});
