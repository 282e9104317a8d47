import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../src/flow/byte-budget.js';

describe('ByteBudget', () => {
  it('grants bytes while any are left, to the last one', () => {
    const budget = new ByteBudget(10);
    expect(budget.tryAcquire(6)).toBe(true);
    expect(budget.tryAcquire(5)).toBe(false);
    expect(budget.usedBytes).toBe(6);
    expect(budget.tryAcquire(4)).toBe(true);
    budget.release(6);
    expect(budget.usedBytes).toBe(4);
    expect(budget.tryAcquire(6)).toBe(true);
  });

  it('of zero bytes grants only requests for zero bytes', () => {
    const budget = new ByteBudget(0);
    expect(budget.tryAcquire(0)).toBe(true);
    expect(budget.tryAcquire(1)).toBe(false);
  });

  it('throws when more is released than was acquired', () => {
    const budget = new ByteBudget(10);
    budget.tryAcquire(3);
    expect(() => budget.release(4)).toThrow(RangeError);
    expect(budget.usedBytes).toBe(3);
  });
});
