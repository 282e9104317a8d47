import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { projectsOf, testTiers, workersOfLane } from './scripts/lib/test-tiers.mjs';

const order = testTiers.flatMap(projectsOf).map(({ name }) => name);

/** Starts the dearest tiers of a group first, so that a run does not end with one long file beside an idle worker. */
class DearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => order.indexOf(other.project.name) - order.indexOf(one.project.name));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: DearestFirst },
    projects: testTiers.flatMap((tier, index) => projectsOf(tier).map((project) => configured(project, tier, index))),
  },
});

function configured(
  { name, include, exclude, isolate }: ReturnType<typeof projectsOf>[number],
  tier: (typeof testTiers)[number],
  index: number,
) {
  return {
    extends: true as const,
    test: {
      name,
      include: [...include],
      exclude: [...exclude],
      environment: 'node' as const,
      ...(name === 'e2e' ? { globalSetup: ['test/support/servers/e2e-stack.ts'] } : {}),
      pool: 'forks' as const,
      isolate,
      // Set for each project: one that has a number of its own ignores `--maxWorkers`.
      maxWorkers: workersOfLane[tier.lane],
      // Tiers of one lane share its workers; the others run after them.
      sequence: { groupOrder: { computing: 0, waiting: 1, alone: 2 + index }[tier.lane] },
      testTimeout: tier.timeoutMs,
      // Hooks start servers, which takes many times longer when the cores are busy.
      hookTimeout: Math.max(tier.timeoutMs, 120_000),
      teardownTimeout: 60_000,
    },
  };
}
