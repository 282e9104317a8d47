import { describe, expect, it } from 'vitest';
import { createVitest } from 'vitest/node';
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
        new Map(testTiers.map(({ name, lane }) => [name, workersOfLane[lane]])),
      );
    } finally {
      await vitest.close();
    }
  });

  it('are all run, each once', () => {
    expect(planRuns(testTiers).flat(2)).toHaveLength(testTiers.length);
    expect(new Set(planRuns(testTiers).flat(2))).toEqual(new Set(testTiers));
  });
});
