import { describe, expect, it } from 'vitest';
import { AdaptiveWidth, type SeenOfProcess } from '../../../src/flow/adaptive-width.js';

const bounds = { least: 16, most: 64, memoryBytesMax: 400 };
const idle: SeenOfProcess = { utilization: 0.3, full: true, heldBack: false, memoryBytes: 200 };

function afterLooks(count: number, seen: SeenOfProcess, width = new AdaptiveWidth(bounds)): number {
  for (let look = 0; look < count; look += 1) width.next(seen);
  return width.width;
}

describe('the units in flight of a process', () => {
  it('begin with the fewest, and reach the most within a minute while the processor idles', () => {
    expect(afterLooks(0, idle)).toBe(16);
    expect(afterLooks(1, idle)).toBe(20);
    expect(afterLooks(12, idle)).toBe(64);
  });

  it.each([
    ['places are free', { full: false }],
    ['a store or an operator slows them down', { heldBack: true }],
    ['the processor is at work', { utilization: 0.95 }],
  ])('remain as they are while %s', (_why, change) => {
    const width = new AdaptiveWidth(bounds);
    afterLooks(2, idle, width);
    expect(afterLooks(12, { ...idle, ...change }, width)).toBe(25);
  });

  it('become fewer, down to the fewest, while memory is short', () => {
    const width = new AdaptiveWidth(bounds);
    const short = { ...idle, memoryBytes: 401 };
    afterLooks(12, idle, width);
    expect(afterLooks(1, short, width)).toBe(57);
    expect(afterLooks(60, short, width)).toBe(16);
  });

  it('remain the number that was set', () => {
    expect(afterLooks(12, idle, new AdaptiveWidth({ least: 5, most: 5, memoryBytesMax: Infinity }))).toBe(5);
  });

  // A unit is three requests, and work for the processor; a network is shared by all that are in flight.
  it.each([
    { latencyMs: 5, cpuMs: 3, unitsPerSecondMax: Infinity },
    { latencyMs: 30, cpuMs: 3, unitsPerSecondMax: Infinity },
    { latencyMs: 120, cpuMs: 6, unitsPerSecondMax: Infinity },
    { latencyMs: 60, cpuMs: 3, unitsPerSecondMax: 90 },
  ])('do within 10 % of what the best fixed number does after a minute: %o', (world) => {
    const done = (units: number): number =>
      Math.min(units / ((3 * world.latencyMs + world.cpuMs) / 1_000), 1_000 / world.cpuMs, world.unitsPerSecondMax);
    const best = Math.max(...Array.from({ length: bounds.most }, (_unused, index) => done(index + 1)));
    const width = new AdaptiveWidth(bounds);
    for (let look = 0; look < 12; look += 1) {
      width.next({ ...idle, utilization: (done(width.width) * world.cpuMs) / 1_000 });
    }
    for (let look = 0; look < 100; look += 1) {
      expect(done(width.width)).toBeGreaterThan(best * 0.9);
      width.next({ ...idle, utilization: (done(width.width) * world.cpuMs) / 1_000 });
    }
  });
});
