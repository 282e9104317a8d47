import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { testTiers, workersOfLane } from './scripts/lib/test-tiers.mjs';

const tierOrder = testTiers.map(({ name }) => name);

/** What is started once for all files of a tier. */
const sharedBy: Readonly<Record<string, string[]>> = {
  e2e: ['test/support/servers/e2e-stack.ts'],
  workflows: ['test/support/servers/workflows-setup.ts'],
};

/** Starts the dearest tiers of a group first, so that a run does not end with one long file beside an idle worker. */
class DearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => tierOrder.indexOf(other.project.name) - tierOrder.indexOf(one.project.name));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: DearestFirst },
    projects: testTiers.map(({ name, timeoutMs, lane }, index) => ({
      extends: true,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        environment: 'node',
        globalSetup: sharedBy[name] ?? [],
        pool: 'forks',
        // Set for each project: one that has a number of its own ignores `--maxWorkers`.
        maxWorkers: workersOfLane[lane],
        // Tiers of one lane share its workers; the others run after them.
        sequence: { groupOrder: { computing: 0, waiting: 1, alone: 2 + index }[lane] },
        testTimeout: timeoutMs,
        // Hooks start servers, which takes many times longer when the cores are busy.
        hookTimeout: Math.max(timeoutMs, 120_000),
        teardownTimeout: 60_000,
      },
    })),
  },
});
