/**
 * The tiers of tests, each a folder under `test/`, in the order in which they run.
 *
 * `parallel`: whether files may run beside each other; tiers that start real servers run one file at a time.
 * `set`: `default` belongs to `npm test`, `long` only to `npm run test:all`.
 * `mayBeEmpty`: no tests yet; once there is one, remove it, so that losing the last one is noticed.
 *
 * @typedef {{ name: string, timeoutMs: number, parallel: boolean, set: 'default' | 'long', mayBeEmpty?: boolean }} TestTier
 * @type {readonly TestTier[]}
 */
export const testTiers = [
  { name: 'unit', timeoutMs: 20_000, parallel: true, set: 'default' },
  { name: 'property', timeoutMs: 60_000, parallel: true, set: 'default' },
  { name: 'contract', timeoutMs: 60_000, parallel: false, set: 'default' },
  { name: 'activities', timeoutMs: 60_000, parallel: false, set: 'default' },
  { name: 'workflows', timeoutMs: 60_000, parallel: false, set: 'default' },
  { name: 'e2e', timeoutMs: 300_000, parallel: false, set: 'default' },
  { name: 'faults', timeoutMs: 300_000, parallel: false, set: 'default' },
  { name: 'chaos', timeoutMs: 1_800_000, parallel: false, set: 'long' },
  { name: 'install', timeoutMs: 300_000, parallel: false, set: 'long' },
  { name: 'nodes', timeoutMs: 300_000, parallel: false, set: 'long' },
];

/**
 * Tests that may be skipped, by `tier: full name`, each with the reason beside it. Any other skip is a failure.
 *
 * @type {readonly string[]}
 */
export const expectedSkips = [];
