import { describe, expect, it } from 'vitest';
import { Flag } from '../support/fakes/flag.js';
import type { FaultProxy } from '../support/faults/fault-proxy.js';
import { generateMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul, startLonghaul } from '../support/programs/longhaul-program.js';
import { migrationStatus } from '../support/programs/migration-status.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

describe('a target that no longer accepts anything', () => {
  const own = useProxiedStack();

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

/** Resets each request to a target after so many puts. The flag is raised when it begins to. */
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
