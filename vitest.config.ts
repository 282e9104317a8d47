import { defineConfig } from 'vitest/config';
import { testTiers } from './scripts/lib/test-tiers.mjs';

export default defineConfig({
  test: {
    // Two: the machines that run this have two cores, and more workers only make every test slower.
    maxWorkers: 2,
    projects: testTiers.map(({ name, timeoutMs, parallel }, groupOrder) => ({
      extends: true,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        environment: 'node',
        ...(name === 'e2e' ? { globalSetup: ['test/support/servers/e2e-stack.ts'] } : {}),
        pool: 'forks',
        fileParallelism: parallel,
        // Tiers run after each other, so that a property test does not starve a server's start.
        sequence: { groupOrder },
        testTimeout: timeoutMs,
        // Hooks start servers, which takes many times longer when the cores are busy.
        hookTimeout: Math.max(timeoutMs, 120_000),
        teardownTimeout: 60_000,
      },
    })),
  },
});
