import { describe, expect, it } from 'vitest';
import { autoUnitsInFlight } from '../../../src/worker/auto-units-in-flight.js';

const miB = 1024 * 1024;

describe('the units in flight of a process, when nobody sets their number', () => {
  it.each([
    { processes: 1, memory: 8_192, units: 16 },
    { processes: 2, memory: 8_192, units: 16 },
    { processes: 2, memory: 2 * 704, units: 16 },
    { processes: 2, memory: 2 * 632, units: 10 },
    { processes: 2, memory: 2 * 512, units: 2 },
    { processes: 16, memory: 2_048, units: 2 },
  ])('are $units with $memory MiB for $processes processes', ({ processes, memory, units }) => {
    expect(autoUnitsInFlight(processes, memory * miB)).toBe(units);
  });

  it('are known for this machine', () => {
    expect(autoUnitsInFlight(1)).toBeGreaterThanOrEqual(2);
    expect(autoUnitsInFlight(1_000_000)).toBe(2);
  });
});
