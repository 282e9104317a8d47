import { appendFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planLayout } from '../../src/domain/layout.js';
import { Flag } from '../support/fakes/flag.js';
import type { FaultProxy } from '../support/faults/fault-proxy.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { generateMigration } from '../support/migrations/generated-migration.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { runLonghaul, startLonghaul } from '../support/programs/longhaul-program.js';
import { migrationStatus } from '../support/programs/migration-status.js';
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

  it('is no reason for a cancel to hang: it says what is wrong, gives up, and names what may be left', async () => {
    const { stack, stores } = own;
    const content = { units: 60, seed: 14, bigUnitRawBytes: 0 };
    const migration = await generateMigration(stack, 'cancelled', content, stores.endpoints);
    const run = (words: readonly string[], variables = {}) =>
      runLonghaul(words, { ...stack.environment, ...variables });

    let dead = diesAfter(5, stores.target);
    const started = await run(['start', migration.migrationPath]);
    expect(started.exitCode, started.stderr).toBe(0);
    await dead.raised;
    const cancelling = startLonghaul(['cancel', migration.name], stack.environment);
    await until('status says what keeps the cancel from ending', async () => {
      const { blocked = [] } = (await migrationStatus(stack, migration.name)) ?? {};
      return blocked.some((each) => each.what === 'cleanUp' && each.class === 'TargetNetwork');
    });
    expect(await run(['resume', migration.name])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /is being cancelled; wait until it has ended \(`longhaul watch cancelled`\), then resume it/,
      ) as string,
    });
    stores.target.plan = () => undefined;
    const tidied = await cancelling;
    expect(tidied.exitCode, tidied.stderr).toBe(0);
    expect(tidied.stdout).not.toContain('may be left open');

    dead = diesAfter(5, stores.target);
    const resumed = await run(['resume', migration.name], { LONGHAUL_CANCEL_PATIENCE: '1s' });
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    await dead.raised;
    const givenUp = await run(['cancel', migration.name]);
    expect(givenUp.exitCode, givenUp.stderr).toBe(0);
    expect(givenUp.stdout).toMatch(/^Cancelled the migration cancelled after /);
    expect(givenUp.stdout).toContain('uploads may be left open, each with a checkpoint below s3://cancelled-bucket/');
    stores.target.plan = () => undefined;
  });
});

/** Resets every request to a target after this many puts. The flag is raised at the first one. */
function diesAfter(puts: number, target: FaultProxy): Flag {
  const dead = new Flag();
  let stored = 0;
  target.plan = ({ kind }) => {
    stored += kind === 'put object' ? 1 : 0;
    if (stored <= puts) return undefined;
    dead.raise();
    return { kind: 'reset' };
  };
  return dead;
}
