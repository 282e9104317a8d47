import { appendFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { runLonghaul, startLonghaul } from '../support/programs/longhaul-program.js';
import { migrationStatus } from '../support/programs/migration-status.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

describe('two migrations that share workers', () => {
  const own = useProxiedStack();
  let large: GeneratedMigration;
  let small: GeneratedMigration;

  beforeAll(async () => {
    const { stack } = own;
    large = await generateMigration(stack, 'large', { units: 200, seed: 14, bigUnitRawBytes: 0 });
    // Slow enough that it is still under way when the small one has come and gone.
    await appendFile(large.migrationPath, '\nspeed:\n  bytesPerSecond: 200KB\n');
    small = await generateMigration(stack, 'small', { units: 8, seed: 15, bigUnitRawBytes: 0 });
  }, 300_000);

  it('take turns: a small one does not wait for the slices that a large one has queued before it', async () => {
    const { stack, s3 } = own;
    const watched = startLonghaul(['start', large.migrationPath, '--watch'], stack.environment);
    await until('the large one moves', async () => {
      const status = await migrationStatus(stack, large.name);
      return (status?.units.done ?? 0) > 0;
    });

    await watchMigration(stack, small).ended();

    const status = await migrationStatus(stack, large.name);
    expect(status).toMatchObject({ phase: 'running', units: { total: 200 } });
    expect(status?.units.done).toBeLessThan(120);
    await runLonghaul(['cancel', large.name], stack.environment);
    await watched;
    await expectRightOutcome(s3, small);
  });
});
