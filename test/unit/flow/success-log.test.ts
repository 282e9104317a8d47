import { expect, it } from 'vitest';
import { SuccessLog } from '../../../src/flow/success-log.js';

it('a success counts for its own name, and for times up to its own', () => {
  const log = new SuccessLog();
  log.note('orders: target', 1_000);
  expect([999, 1_000, 1_001].map((sinceMs) => log.hasSince('orders: target', sinceMs))).toEqual([true, true, false]);
  expect(log.hasSince('orders: account east', 0)).toBe(false);
});

it('only the most recently used names are kept', () => {
  const log = new SuccessLog();
  for (let name = 0; name < 5_000; name += 1) log.note(String(name), 1);
  expect([0, 903, 904, 4_999].map((name) => log.hasSince(String(name), 0))).toEqual([false, false, true, true]);
});
