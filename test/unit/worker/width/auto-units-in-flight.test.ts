import { describe, expect, it } from 'vitest';
import { autoUnitsInFlight } from '../../../../src/worker/width/auto-units-in-flight.js';

const miB = 1024 * 1024;

describe('the units in flight of a process, when nobody sets their number', () => {
  it.each([
    { processes: 1, memory: 8_192, least: 16, most: 64 },
    { processes: 2, memory: 8_192, least: 16, most: 64 },
    { processes: 2, memory: 2 * 1_280, least: 16, most: 64 },
    { processes: 2, memory: 2 * 1_160, least: 16, most: 54 },
    { processes: 2, memory: 2 * 704, least: 16, most: 16 },
    { processes: 2, memory: 2 * 632, least: 10, most: 10 },
    { processes: 2, memory: 2 * 512, least: 2, most: 2 },
    { processes: 16, memory: 2_048, least: 2, most: 2 },
  ])('are $least to $most with $memory MiB for $processes processes', ({ processes, memory, least, most }) => {
    expect(autoUnitsInFlight(processes, memory * miB)).toMatchObject({ least, most });
  });

  it('are known for this machine', () => {
    expect(autoUnitsInFlight(1).least).toBeGreaterThanOrEqual(2);
    expect(autoUnitsInFlight(1_000_000)).toMatchObject({ least: 2, most: 2 });
  });
});
