import { chance, pick, randomNumbers, upTo } from '../random-numbers.js';
import { Agenda } from './agenda.js';
import { SimulatedRoot, type Shape } from './simulated-root.js';
import { SimulatedSlices, unitsPerSlice, type Weather } from './simulated-slices.js';
import type { SimulatedPartition } from './simulated-partition.js';

const things = ['account east', 'account west', 'target archive'];
const stepsMax = 400_000;
const afterwardsMs = 1_500_000;

/** What a play was like. */
export interface Play {
  readonly roots: number;
  readonly attempts: number;
  readonly pauses: number;
}

/**
 * Plays one migration, with all that may happen to it in a simulated minute or hour: things that block and recover,
 * deaths, lost reports, messages that are late, doubled or lost and sent again, pauses, resumes, tunes, a cancel, a
 * termination, histories that get long. Then the world is healthy, and the operator resumes: it must complete. Throws
 * where a promise of the protocol is broken.
 */
export function playProtocol(seed: number): Play {
  const random = randomNumbers(seed);
  const agenda = new Agenda(random);
  const partitions = 1 + upTo(random, 40);
  const shape: Shape = { partitions, slices: 1 + upTo(random, 8), scheduledMax: 1 + upTo(random, 4) };
  const weather: Weather = { blocked: new Set(), rough: true };
  const ids = new Map<number, SimulatedPartition>();
  const slices = new SimulatedSlices(agenda, weather, 1 + upTo(random, 12), () => ({
    ...{ epoch: root.runId, revision: root.desk.directives.revision, draining: root.desk.directives.draining },
  }));
  let roots = 0;
  let pauses = 0;
  let root = newRoot();
  observeAlways();

  // Much happens while it starts, and something always blocks, or it would be over before anything can happen.
  weather.blocked.add(pick(random, things));
  const stormMs = pick(random, [20_000, 300_000, 3_600_000]);
  for (let left = upTo(random, 40); left > 0; left -= 1) agenda.after(0, stormMs, () => happen());
  let calm = false as boolean;
  agenda.after(stormMs + 1, 0, () => clearUp());
  const deadlineMs = agenda.nowMs + stormMs + afterwardsMs;

  for (let step = 0; !isComplete(); step += 1) {
    if (step > stepsMax || agenda.nowMs > deadlineMs || !agenda.step()) {
      throw new Error(
        `it does not end: ${JSON.stringify([...root.partitions.values()].map(({ memo }) => memo)).slice(0, 800)}`,
      );
    }
    if (calm && !root.isOpen && !isComplete()) root = newRoot();
  }
  const { units } = root.tally;
  const wanted = shape.partitions * shape.slices * unitsPerSlice;
  if (units.done !== wanted) throw new Error(`${units.done} units are done, of ${wanted}`);
  return { roots, attempts: slices.attempts, pauses };

  function isComplete(): boolean {
    return root.end === 'complete';
  }

  function newRoot(): SimulatedRoot {
    roots += 1;
    return new SimulatedRoot(roots, shape, agenda, slices, ids);
  }

  function observeAlways(): void {
    const before = root.isPaused;
    root.observe();
    if (root.isPaused && !before) pauses += 1;
    agenda.after(1_000, 14_000, () => observeAlways());
  }

  function happen(): void {
    const thing = pick(random, things);
    const act = pick(random, [
      () => weather.blocked.add(thing),
      () => weather.blocked.delete(thing),
      () => weather.blocked.clear(),
      () => pause('drain'),
      () => pause('now'),
      () => resume(),
      () => tune(),
      () => renew(),
      () => end(),
    ]);
    act();
  }

  function pause(mode: 'drain' | 'now'): void {
    if (root.isOpen && !root.isCancelled) root.operate((desk) => desk.pause({ mode }));
  }

  function resume(): void {
    if (!root.isOpen) root = isComplete() ? root : newRoot();
    else if (!root.isCancelled) root.operate((desk) => desk.resume({}));
  }

  function tune(): void {
    if (root.isOpen) root.operate((desk) => desk.tune({ unitsInFlight: 3 }));
  }

  function renew(): void {
    for (const partition of root.partitions.values()) if (chance(random, 0.5)) partition.renewed();
  }

  function end(): void {
    if (!chance(random, 0.5) || !root.isOpen) return;
    if (chance(random, 0.5)) root.terminate();
    else root.cancel();
  }

  function clearUp(): void {
    calm = true;
    weather.blocked.clear();
    weather.rough = false;
    if (root.isOpen) resume();
  }
}
