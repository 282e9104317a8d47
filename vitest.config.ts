import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { projectsOf } from './scripts/lib/test-projects.mjs';
import { testTiers, workersOfLane } from './scripts/lib/test-tiers.mjs';

const projectOrder = testTiers.flatMap(projectsOf).map(({ name }) => name);

/** What is started once for all files of a tier. */
const sharedBy: Readonly<Record<string, string[]>> = {
  e2e: ['test/support/servers/e2e-stack.ts'],
  workflows: ['test/support/servers/workflows-setup.ts'],
};

/** Starts the dearest tiers of a group first, so that a run does not end with one long file beside an idle worker. */
class DearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => orderOf(other) - orderOf(one));
  }
}

const orderOf = ({ project }: TestSpecification): number => projectOrder.indexOf(project.name);

export default defineConfig({
  test: {
    sequence: { sequencer: DearestFirst },
    projects: testTiers.flatMap((tier, index) =>
      projectsOf(tier).map((project) => ({
        extends: true as const,
        test: {
          ...project,
          environment: 'node',
          globalSetup: sharedBy[tier.name] ?? [],
          pool: 'forks' as const,
          // Set for each project: one that has a number of its own ignores `--maxWorkers`.
          maxWorkers: workersOfLane[tier.lane],
          // Tiers of one lane share its workers; the others run after them.
          sequence: { groupOrder: { computing: 0, waiting: 1, alone: 2 + index }[tier.lane] },
          testTimeout: tier.timeoutMs,
          // Hooks start servers, which takes many times longer when the cores are busy.
          hookTimeout: Math.max(tier.timeoutMs, 120_000),
          teardownTimeout: 60_000,
        },
      })),
    ),
  },
});
