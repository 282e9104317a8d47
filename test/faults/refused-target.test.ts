import { describe, expect, it } from 'vitest';
import { appendFile } from 'node:fs/promises';
import { planLayout } from '../../src/domain/layout.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { generateMigration } from '../support/migrations/generated-migration.js';
import type { ObserveBeat } from '../../src/activities/observe/observe.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { migrationStatus } from '../support/programs/migration-status.js';
import { observedBeat } from '../support/programs/observed-beat.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

const all = 64;
const units = { stored: 10, inFlight: 2 };

describe('a target that no longer accepts anything', () => {
  const own = useProxiedStack();

  it('blocks the migration at its first refusal: units are not downloaded for puts that are refused', async () => {
    const { stack, stores, s3 } = own;
    const content = { units: all, seed: 12, bigUnitRawBytes: 0 };
    const migration = await generateMigration(stack, 'expired', content, stores.endpoints);
    await appendFile(migration.migrationPath, `\nspeed:\n  unitsInFlight: ${String(units.inFlight)}\n`);
    let stored = 0;
    stores.target.plan = ({ kind }) => {
      if (kind !== 'put object') return undefined;
      stored += 1;
      return stored <= units.stored ? undefined : { kind: 'refuse', status: 403, code: 'ExpiredToken' };
    };
    const watched = watchMigration(stack, migration);

    await until('status says that all units left wait for the target, and promises no end', async () => {
      const status = await migrationStatus(stack, migration.name);
      const blocked = status?.blocked.find((each) => each.class === 'TargetAuth');
      return status?.etaSeconds === null && blocked?.units === all - units.stored;
    });
    const read = new Set(stores.requests.filter(({ kind }) => kind === 'read blob').map(({ path }) => path));
    const downloaded = migration.expected.filter(({ wantedBlobNames }) =>
      wantedBlobNames.some(({ account, container, name }) => read.has(`/prod${account}/${container}/${name}`)),
    );
    // What was stored, and what each slice had in flight when it met its first refusal.
    expect(downloaded.length).toBeLessThanOrEqual(units.stored + planLayout(all).slices * units.inFlight);

    stores.target.plan = () => undefined;
    const resumed = await runLonghaul(['resume', migration.name], stack.environment);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    await watched.ended();
    await expectRightOutcome(s3, migration);
  });

  it('is named by status within 30 s while its server is away, and the migration ends once it is back', async () => {
    const { stack, stores, s3 } = own;
    const content = { units: 60, seed: 13, bigUnitRawBytes: 0 };
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
