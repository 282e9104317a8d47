import { describe, expect, it } from 'vitest';
import { createVitest } from 'vitest/node';
import { leavesProcessAlone, projectsOf } from '../../../scripts/lib/test-projects.mjs';
import { chooseTiers, planRuns, testTiers, workersOfLane } from '../../../scripts/lib/test-tiers.mjs';

const tiersOf = (...names: readonly string[]) => testTiers.filter(({ name }) => names.includes(name));
const planOf = (...names: readonly string[]) =>
  planRuns(tiersOf(...names)).map((step) => step.map((lane) => lane.map(({ name }) => name)));

describe('the tiers of tests', () => {
  it('that keep the processors busy run beside those that wait', () => {
    expect(planOf('unit', 'property', 'workflows', 'e2e')).toEqual([
      [
        ['unit', 'property'],
        ['workflows', 'e2e'],
      ],
    ]);
  });

  it('of the long set run after the others, and beside none', () => {
    expect(planOf('unit', 'e2e', 'chaos', 'install')).toEqual([[['unit'], ['e2e']], [['chaos', 'install']]]);
  });

  it('run alone when nothing else was asked for', () => {
    expect(planOf('unit')).toEqual([[['unit']]]);
    expect(planOf('chaos')).toEqual([[['chaos']]]);
  });

  it('that need a browser, Go or a cluster are skipped without it, unless they were asked for by name', () => {
    const namesOf = (tiers: readonly { name: string }[]) => tiers.map(({ name }) => name);
    const nothing = { browser: undefined, go: undefined, cluster: undefined };
    expect(namesOf(chooseTiers(['default'], { ...nothing, browser: '/usr/bin/chromium' }).tiers)).toContain('browser');
    expect(namesOf(chooseTiers(['long'], { ...nothing, go: '/usr/bin/go' }).tiers)).toContain('stores');
    const { tiers, skipped } = chooseTiers(['default', 'long'], nothing);
    expect(namesOf(skipped)).toEqual(['browser', 'stores', 'deploy', 'cluster']);
    expect(new Set([...tiers, ...skipped])).toEqual(new Set(testTiers));
    expect(chooseTiers(['browser'], nothing)).toMatchObject({ tiers: [{ name: 'browser' }], skipped: [] });
  });

  it('have as many test files running at a time as their lane allows', async () => {
    const vitest = await createVitest('test', { watch: false });
    try {
      expect(new Map(vitest.projects.map(({ name, config }) => [name, config.maxWorkers]))).toEqual(
        new Map(testTiers.flatMap((tier) => projectsOf(tier).map(({ name }) => [name, workersOfLane[tier.lane]]))),
      );
    } finally {
      await vitest.close();
    }
  });

  it('that compute share processes where they leave them as they were, and no test runs twice', () => {
    const [unit] = tiersOf('unit').map(projectsOf);
    const [own, shared] = unit ?? [];
    expect(own?.exclude).toEqual(shared?.include);
    expect([own?.isolate, shared?.isolate]).toEqual([true, false]);
    expect(tiersOf('e2e').flatMap(projectsOf)).toMatchObject([{ name: 'e2e', isolate: true }]);
  });

  it.each([
    ['starts programs', 'unit/commands/completion/complete.test.ts', false],
    ['has sources that start programs', 'unit/local/demo-data/generate-demo-data.test.ts', false],
    ['replaces a module', 'unit/pipeline/pack/pack-segment.test.ts', false],
    ['has support that makes time pass faster', 'unit/pipeline/slice/careful-mode.test.ts', false],
    ['asks for the memory of its process', 'unit/bench/own-run.test.ts', false],
    ['does none of that', 'unit/domain/ids.test.ts', true],
  ])('leave their process alone or not: one that %s', (_what, path, expected) => {
    expect(leavesProcessAlone(`test/${path}`)).toBe(expected);
  });

  it('are all run, each once', () => {
    expect(planRuns(testTiers).flat(2)).toHaveLength(testTiers.length);
    expect(new Set(planRuns(testTiers).flat(2))).toEqual(new Set(testTiers));
  });
});
