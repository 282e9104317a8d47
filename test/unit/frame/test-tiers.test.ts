import { describe, expect, it } from 'vitest';
import { chooseTiers, planRuns, testTiers } from '../../../scripts/lib/test-tiers.mjs';

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

  it('that need a browser are skipped without one, unless they were asked for by name', () => {
    const namesOf = (tiers: readonly { name: string }[]) => tiers.map(({ name }) => name);
    expect(namesOf(chooseTiers(['default'], '/usr/bin/chromium').tiers)).toContain('browser');
    const { tiers, skipped } = chooseTiers(['default', 'long'], undefined);
    expect(namesOf(skipped)).toEqual(['browser']);
    expect(new Set([...tiers, ...skipped])).toEqual(new Set(testTiers));
    expect(chooseTiers(['browser'], undefined)).toMatchObject({ tiers: [{ name: 'browser' }], skipped: [] });
  });

  it('are all run, each once', () => {
    expect(planRuns(testTiers).flat(2)).toHaveLength(testTiers.length);
    expect(new Set(planRuns(testTiers).flat(2))).toEqual(new Set(testTiers));
  });
});
