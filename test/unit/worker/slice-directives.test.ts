import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WantedSpeed } from '../../../src/activities/activity-dependencies.js';
import { createProcessResources } from '../../../src/flow/process-resources.js';
import { createSliceDirectives } from '../../../src/worker/slice-directives.js';
import type { Directives } from '../../../src/domain/directives.js';

const wish = (change: Partial<Directives> = {}): Directives => ({
  ...{ revision: 1, pause: 'none', draining: false, acceptFailures: false },
  ...change,
});

const watched = (speed: WantedSpeed, revision = 0, name = 'orders', epoch = 1) => ({ name, speed, epoch, revision });

type Wiring = Parameters<typeof createSliceDirectives>[0];

const directivesOf = (read: Wiring['read'], process: Wiring['process'], rest: Partial<Wiring> = {}) =>
  createSliceDirectives({ read, process, countProcesses: async () => 1, onProblem: () => {}, ...rest });

describe('what operators want', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('reaches running slices within 15 s, and stays in force while it cannot be read', async () => {
    let wanted: Directives | Error = wish();
    const problems: unknown[] = [];
    const resources = createProcessResources({ unitsInFlight: 5 });
    const read = async () => {
      if (wanted instanceof Error) throw wanted;
      return wanted;
    };
    const directives = directivesOf(read, resources, { onProblem: (_name, error) => void problems.push(error) });
    const { control, pace, stop } = await directives.watch(watched({ unitsInFlight: 'auto', bytesPerSecond: 100_000 }));
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

  test('lets the process choose the units in flight again if the operator says auto, despite the file', async () => {
    const resources = createProcessResources({ unitsInFlight: 5 });
    const directives = directivesOf(async () => wish({ unitsInFlight: 'auto' }), resources);
    const { control, stop } = await directives.watch(watched({ unitsInFlight: 9, bytesPerSecond: 'unlimited' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(control.unitsInFlight).toBeUndefined();
    expect(resources.units.concurrency).toBe(5);
    stop();
  });

  test('is read once for all slices of a migration, and no more when the last has ended', async () => {
    const reads: string[] = [];
    const speed = { unitsInFlight: 3, bytesPerSecond: 'unlimited' } as const;
    const read = async (name: string) => void reads.push(name);
    const directives = directivesOf(read, createProcessResources({}));
    const [one, two] = await Promise.all([directives.watch(watched(speed)), directives.watch(watched(speed))]);
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

  test('is read at once, and older directives do not count, when a slice begins that knows newer ones', async () => {
    const auto = { unitsInFlight: 'auto', bytesPerSecond: 'unlimited' } as const;
    let newest = wish({ revision: 3, draining: true });
    const answers: (() => void)[] = [];
    const read = () => new Promise<Directives>((resolve) => answers.push(() => resolve(newest)));
    const directives = directivesOf(read, createProcessResources({}));
    const first = directives.watch(watched(auto, 1));
    answers.shift()?.();
    expect((await first).control.draining).toBe(true);
    // The operator has resumed, and a partition has scheduled a slice again.
    newest = wish({ revision: 4 });
    const again = await directives.watch(watched(auto, 4));
    expect(again.control.draining).toBe(false);
    expect(answers).toHaveLength(1);
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    newest = wish({ revision: 5, draining: true });
    await vi.advanceTimersByTimeAsync(10_000);
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(again.control.draining).toBe(true);
    // A new run of the migration begins to count anew.
    newest = wish({ revision: 1, draining: true });
    const resumed = await directives.watch(watched(auto, 0, 'orders', 2));
    expect(answers).toHaveLength(1);
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(resumed.control.draining).toBe(true);
  });

  test('is read again when a slice knows newer ones than the look that is on its way', async () => {
    const auto = { unitsInFlight: 'auto', bytesPerSecond: 'unlimited' } as const;
    const answers: (() => void)[] = [];
    const read = () => new Promise<Directives>((resolve) => answers.push(() => resolve(wish())));
    const directives = directivesOf(read, createProcessResources({}));
    const first = directives.watch(watched(auto, 1));
    answers.shift()?.();
    await first;
    await directives.watch(watched(auto, 2));
    await directives.watch(watched(auto, 3));
    expect(answers).toHaveLength(1);
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(answers).toHaveLength(1);
  });

  test('of one migration limits its own units, and those of no other', async () => {
    const resources = createProcessResources({ unitsInFlight: 5 });
    const read = async (name: string) => (name === 'slow' ? wish({ unitsInFlight: 2 }) : wish());
    const directives = directivesOf(read, resources);
    const auto = { unitsInFlight: 'auto', bytesPerSecond: 'unlimited' } as const;
    const fast = await directives.watch(watched(auto, 0, 'fast'));
    const slow = await directives.watch(watched(auto, 0, 'slow'));
    await vi.advanceTimersByTimeAsync(0);
    const running = { slow: 0, fast: 0 };
    const move = (name: 'slow' | 'fast') => () => {
      running[name] += 1;
      return new Promise<void>(() => {});
    };
    for (let unit = 0; unit < 4; unit += 1) void slow.units(move('slow'));
    for (let unit = 0; unit < 4; unit += 1) void fast.units(move('fast'));
    await vi.advanceTimersByTimeAsync(0);
    expect(running).toEqual({ slow: 2, fast: 3 });
  });

  describe('for the requests to source accounts', () => {
    const capped = { unitsInFlight: 'auto', bytesPerSecond: 'unlimited', requestsPerSecond: { east: 40 } } as const;

    test('share a ceiling with all other worker processes, and have none when the file names none', async () => {
      let processes = 4;
      const directives = directivesOf(async () => wish(), createProcessResources({}), {
        countProcesses: async () => processes,
      });
      const { requestPace, stop } = await directives.watch(watched(capped));
      expect(requestPace('east').rate()).toBe(10);
      expect(requestPace('west').rate()).toBeUndefined();
      // More workers were started.
      processes = 8;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(requestPace('east').rate()).toBe(5);
      stop();
    });

    test('have one pace for each account of a migration, whatever the slice', async () => {
      const directives = directivesOf(async () => wish(), createProcessResources({}));
      const [one, two] = [await directives.watch(watched(capped)), await directives.watch(watched(capped))];
      expect(one.requestPace('east')).toBe(two.requestPace('east'));
      expect(one.requestPace('east')).not.toBe(one.requestPace('west'));
      one.stop();
      two.stop();
    });

    test('keep to what the operator sets, account by account', async () => {
      const tuned = wish({ requestsPerSecond: { east: 'unlimited', west: 5 } });
      const directives = directivesOf(async () => tuned, createProcessResources({}));
      const { requestPace, stop } = await directives.watch(watched(capped));
      expect(requestPace('east').rate()).toBeUndefined();
      expect(requestPace('west').rate()).toBe(5);
      stop();
    });

    test('are few while nobody knows with how many processes they share', async () => {
      const problems: unknown[] = [];
      const unknown = new Error('no answer');
      let answer: number | undefined;
      const directives = directivesOf(async () => wish(), createProcessResources({}), {
        countProcesses: async () => {
          if (answer === undefined) throw unknown;
          return answer;
        },
        onProblem: (_name, error) => problems.push(error),
      });
      const { requestPace, stop } = await directives.watch(watched(capped));
      expect(problems).toEqual([unknown]);
      expect(requestPace('east').rate()).toBe(40 / 32);
      answer = 2;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(requestPace('east').rate()).toBe(20);
      // The last count stays in force.
      answer = undefined;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(requestPace('east').rate()).toBe(20);
      stop();
    });

    test('are not counted when there is no ceiling', async () => {
      let counted = 0;
      const directives = directivesOf(async () => wish(), createProcessResources({}), {
        countProcesses: async () => (counted += 1),
      });
      const { stop } = await directives.watch(watched({ unitsInFlight: 'auto', bytesPerSecond: 'unlimited' }));
      await vi.advanceTimersByTimeAsync(30_000);
      expect(counted).toBe(0);
      stop();
    });
  });
});
