import { describe, expect, it } from 'vitest';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { generateMigration, smallBlobs } from '../support/migrations/generated-migration.js';
import type { ObserveBeat } from '../../src/activities/observe/observe.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { migrationStatus } from '../support/programs/migration-status.js';
import { observedBeat } from '../support/programs/observed-beat.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

describe('a target that no longer accepts anything', () => {
  const own = useProxiedStack();

  it('is named by status within 30 s while its server is away, and the migration ends once it is back', async () => {
    const { stack, stores, s3 } = own;
    const content = { units: 60, seed: 13, ...smallBlobs };
    const migration = await generateMigration(stack, 'dead-server', content, stores.endpoints);
    let stored = 0;
    let awayMs: number | undefined;
    stores.target.plan = ({ kind }) => {
      stored += kind === 'put object' ? 1 : 0;
      if (stored <= 10) return undefined;
      awayMs ??= Date.now();
      return { kind: 'reset' };
    };
    const watched = watchMigration(stack, migration);

    let sum: ObserveBeat | undefined;
    const named = () =>
      [...(sum?.blocked ?? []), ...(sum?.waiting ?? [])].find((each) => each.class === 'TargetNetwork');
    await until('the figures name the target', async () => {
      sum = await observedBeat(stack, migration.name);
      return named() !== undefined;
    });
    const { blocked = [], waiting = [] } = (await migrationStatus(stack, migration.name)) ?? {};
    expect([...blocked, ...waiting].map((each) => each.class)).toContain('TargetNetwork');
    // These times are the program's own, so it does not matter how fast this test looks: requests must have failed for
    // eight seconds; the slice beats a second later, and that is delivered within five; few partitions are looked at
    // every two. That makes sixteen. The sum is delivered within five more.
    const shownMs = Date.parse(sum?.at ?? '') + 5_000;
    expect(shownMs - (awayMs ?? Number.NaN)).toBeLessThanOrEqual(30_000);
    const sinceMs = Date.parse(named()?.since ?? '') - (awayMs ?? Number.NaN);
    expect(sinceMs, 'its requests have failed since they did').toBeGreaterThanOrEqual(0);
    expect(sinceMs).toBeLessThan(shownMs - (awayMs ?? Number.NaN));
    stores.target.plan = () => undefined;
    await watched.ended();

    await expectRightOutcome(s3, migration);
  });
});
