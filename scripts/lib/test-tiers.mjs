/**
 * The tiers of tests, each a folder under `test/`.
 *
 * `lane`: `computing` tiers keep the processors busy; `waiting` tiers mostly wait for servers. `npm test` runs these
 * two lanes beside each other. A tier that is a lane of its own runs afterwards, one file at a time. `set`: `default`
 * belongs to `npm test`, `long` only to `npm run test:all`. `needs`: what must be on the machine. `mayBeEmpty`: no
 * tests yet; once there is one, remove it, so that losing the last one is noticed.
 *
 * @typedef {'computing' | 'waiting' | 'alone'} Lane
 * @typedef {{ name: string, timeoutMs: number, lane: Lane, set: 'default' | 'long', needs?: Need,
 *   mayBeEmpty?: boolean }} TestTier
 * @typedef {'browser' | 'go' | 'cluster'} Need
 * @type {readonly TestTier[]}
 */
export const testTiers = [
  { name: 'unit', timeoutMs: 60_000, lane: 'computing', set: 'default' },
  { name: 'property', timeoutMs: 300_000, lane: 'computing', set: 'default' },
  { name: 'contract', timeoutMs: 60_000, lane: 'waiting', set: 'default' },
  { name: 'activities', timeoutMs: 60_000, lane: 'waiting', set: 'default' },
  { name: 'workflows', timeoutMs: 60_000, lane: 'waiting', set: 'default' },
  { name: 'e2e', timeoutMs: 300_000, lane: 'waiting', set: 'default' },
  { name: 'faults', timeoutMs: 300_000, lane: 'waiting', set: 'default' },
  { name: 'browser', timeoutMs: 120_000, lane: 'waiting', set: 'default', needs: 'browser' },
  { name: 'chaos', timeoutMs: 1_800_000, lane: 'alone', set: 'long' },
  // As long as somebody wishes, up to a week.
  { name: 'soak', timeoutMs: 604_800_000, lane: 'alone', set: 'long' },
  { name: 'stores', timeoutMs: 1_200_000, lane: 'alone', set: 'long', needs: 'go' },
  { name: 'install', timeoutMs: 300_000, lane: 'alone', set: 'long' },
  { name: 'deploy', timeoutMs: 300_000, lane: 'alone', set: 'long', needs: 'go' },
  { name: 'cluster', timeoutMs: 1_800_000, lane: 'alone', set: 'long', needs: 'cluster' },
  { name: 'site', timeoutMs: 300_000, lane: 'alone', set: 'long' },
  { name: 'nodes', timeoutMs: 300_000, lane: 'alone', set: 'long' },
];

/**
 * How many test files of a lane run at a time, on the two cores of the machines that run them. More would only make
 * tests that compute slower; tests that wait for servers leave the processors free for another one.
 *
 * @type {Readonly<Record<Lane, number>>}
 */
export const workersOfLane = { computing: 2, waiting: 3, alone: 1 };

/**
 * Chooses tiers by their names and sets. Those that need something that this machine lacks are skipped, except one that
 * was asked for by name, whose tests then fail.
 *
 * @param {readonly string[]} names
 * @param {Readonly<Record<Need, string | undefined>>} found the paths of the programs that this machine has
 * @returns {{ tiers: readonly TestTier[], skipped: readonly TestTier[] }}
 */
export function chooseTiers(names, found) {
  const chosen = testTiers.filter(({ name, set }) => names.includes(name) || names.includes(set));
  const isSkipped = (/** @type {TestTier} */ { name, needs }) =>
    needs !== undefined && found[needs] === undefined && !names.includes(name);
  return { tiers: chosen.filter((tier) => !isSkipped(tier)), skipped: chosen.filter(isSkipped) };
}

/**
 * Divides tiers into the runs of Vitest that make them up: first those that run beside each other, then those that run
 * alone, one after another.
 *
 * @param {readonly TestTier[]} tiers
 * @returns {readonly (readonly (readonly TestTier[])[])[]}
 */
export function planRuns(tiers) {
  const laneOf = (/** @type {Lane} */ lane) => tiers.filter((tier) => tier.lane === lane);
  const beside = [laneOf('computing'), laneOf('waiting')].filter((lane) => lane.length > 0);
  const alone = laneOf('alone');
  return [beside, [alone]].map((step) => step.filter((lane) => lane.length > 0)).filter((step) => step.length > 0);
}

/**
 * Tests that may be skipped, by `tier: full name`, each with its reason. Any other skip is a failure.
 *
 * @type {readonly string[]}
 */
export const expectedSkips = [
  // Where groff is not installed.
  'unit: the man pages are set by groff without a warning',
  // Where no browser is found: the same cases then look at the terminal alone.
  'chaos: within 30 s the terminal and the page say what is wrong and what to do, on the page in each of these cases',
];
