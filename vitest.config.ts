import { defineConfig } from 'vitest/config';

/** One tier of tests: a folder under `test/` with its own patience. */
interface Tier {
  readonly name: string;
  readonly timeoutMs: number;
  /** Whether its test files may run beside each other; tiers that start real servers run one file at a time. */
  readonly parallel: boolean;
}

const tiers: readonly Tier[] = [
  { name: 'unit', timeoutMs: 20_000, parallel: true },
  { name: 'property', timeoutMs: 60_000, parallel: true },
  { name: 'contract', timeoutMs: 60_000, parallel: false },
  { name: 'activities', timeoutMs: 60_000, parallel: false },
  { name: 'workflows', timeoutMs: 60_000, parallel: false },
  { name: 'e2e', timeoutMs: 300_000, parallel: false },
  { name: 'faults', timeoutMs: 300_000, parallel: false },
];

export default defineConfig({
  test: {
    // Two: the machines that run this have two cores, and more workers only make every test slower.
    maxWorkers: 2,
    projects: tiers.map(({ name, timeoutMs, parallel }, groupOrder) => ({
      extends: true,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        environment: 'node',
        pool: 'forks',
        fileParallelism: parallel,
        // Tiers run after each other, so that a property test does not starve a server's start.
        sequence: { groupOrder },
        testTimeout: timeoutMs,
        hookTimeout: Math.max(timeoutMs, 120_000),
        teardownTimeout: 60_000,
      },
    })),
  },
});
