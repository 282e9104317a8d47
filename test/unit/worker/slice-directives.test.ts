import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProcessResources } from '../../../src/flow/process-resources.js';
import { createSliceControls } from '../../../src/worker/slice-directives.js';
import type { RootControl } from '../../../src/workflows/operator-messages.js';

const wish = (change: Partial<RootControl> = {}): RootControl => ({
  ...{ revision: 1, pause: 'none', draining: false, acceptFailures: false, slicesInFlight: 4 },
  ...change,
});

describe('what operators want', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('reaches running slices within 15 s, and stays in force while it cannot be read', async () => {
    let wanted: RootControl | Error = wish();
    const problems: unknown[] = [];
    const resources = createProcessResources({ unitsInFlight: 5 });
    const read = async () => {
      if (wanted instanceof Error) throw wanted;
      return wanted;
    };
    const controls = createSliceControls(read, resources, (_name, error) => void problems.push(error));
    const { control, pace, stop } = controls.watch('orders', { unitsInFlight: 'auto', bytesPerSecond: 100_000 });
    await vi.advanceTimersByTimeAsync(0);
    expect(control).toMatchObject({ draining: false, unitsInFlight: undefined });
    expect(pace.rate()).toBe(100_000);
    wanted = wish({ draining: true, unitsInFlight: 9, bytesPerSecond: 200_000 });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(control).toMatchObject({ draining: true, unitsInFlight: 9 });
    expect(pace.rate()).toBe(200_000);
    expect(resources.units.concurrency).toBe(9);
    wanted = new Error('no answer');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(problems).not.toEqual([]);
    expect(control.draining).toBe(true);
    stop();
    expect(resources.units.concurrency).toBe(5);
  });

  test('is read once for all slices of a migration, and no more when the last has ended', async () => {
    const reads: string[] = [];
    const speed = { unitsInFlight: 3, bytesPerSecond: 'unlimited' } as const;
    const read = async (name: string) => void reads.push(name);
    const controls = createSliceControls(read, createProcessResources({}), () => {});
    const [one, two] = [controls.watch('orders', speed), controls.watch('orders', speed)];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toEqual(['orders', 'orders']);
    expect(one.pace).toBe(two.pace);
    expect(one.pace.rate()).toBeUndefined();
    one.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toHaveLength(3);
    two.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });
});
