import { expect, it } from 'vitest';
import { ThrottledUnits } from '../../../src/flow/throttled-units.js';

it('only some units and some slices find room, and a slice that has left makes room for another', () => {
  const throttled = new ThrottledUnits({ units: 3, slices: 2 });
  const [a, b, c] = [{ slice: 'a' }, { slice: 'b' }, { slice: 'c' }];
  throttled.begin(a);
  throttled.begin(b);
  expect([a, b, c].map((slice) => throttled.hasRoom(slice))).toEqual([true, true, false]);
  throttled.begin(a);
  expect([a, b, c].map((slice) => throttled.hasRoom(slice))).toEqual([false, false, false]);
  throttled.end(a);
  expect([a, b, c].map((slice) => throttled.hasRoom(slice))).toEqual([true, true, false]);
  throttled.end(a);
  expect([a, b, c].map((slice) => throttled.hasRoom(slice))).toEqual([true, true, true]);
});
