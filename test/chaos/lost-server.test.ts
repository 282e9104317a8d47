import { rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stackPaths } from '../../src/local/state/stack-layout.js';
import { blobReads, sourceRequests } from '../support/servers/access-log.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { killWorker } from '../support/faults/kill-workers.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { bringUpAgain, partPid } from '../support/servers/stack-parts.js';
import { startStack, type StartedStack } from '../support/servers/start-stack.js';
import { readReceipts } from '../support/programs/target-objects.js';
import { until } from '../support/until.js';

interface Status {
  readonly phase: string;
  readonly units: { readonly total: number; readonly done: number };
  readonly failure?: { readonly class: string | null };
}

describe('a migration whose Temporal server is lost', () => {
  let first: StartedStack;
  let second: StartedStack | undefined;
  let s3: ReturnType<typeof s3Client>;
  let migration: GeneratedMigration;

  beforeAll(async () => {
    first = await startStack();
    s3 = s3Client(first.stack);
    migration = await generateMigration(first.stack, 'lost', { units: 200, seed: 6, bigUnitRawBytes: 0 });
    await appendFile(migration.migrationPath, '\nspeed:\n  heartbeatTimeout: 10s\n');
  }, 300_000);
  afterAll(async () => {
    s3.destroy();
    await second?.end();
    await first.end();
  });

  const receipts = async () =>
    (await readReceipts(s3, migration.bucket, 'lost')).map((receipt) => String(receipt['id']));
  const run = async (args: readonly string[], stack = first.stack) => {
    const { exitCode, stderr } = await runLonghaul(args, stack.environment);
    expect(exitCode, `${args.join(' ')}: ${stderr}`).toBe(0);
  };
  const killTemporal = async () => {
    killWorker(await partPid(first.stack, 'workers'));
    process.kill(await partPid(first.stack, 'temporal'), 'SIGKILL');
  };
  const blobsOf = (ids: ReadonlySet<string>) =>
    new Set(
      migration.expected
        .filter(({ id }) => ids.has(id))
        .flatMap(({ wantedBlobNames }) => wantedBlobNames)
        .map(({ account, container, name }) => `/prod${account}/${container}/${name}`),
    );

  it('continues from its ledger with a new database, and at a new server while the old one returns', async () => {
    await run(['start', migration.migrationPath]);
    await until('30 units have a receipt', async () => (await receipts()).length >= 30);
    await killTemporal();
    for (const end of ['', '-wal', '-shm']) {
      rmSync(`${stackPaths(first.stack.stateDir).temporalDatabase}${end}`, { force: true });
    }
    const provenAtLoss = new Set(await receipts());
    const readsAtLoss = blobReads(sourceRequests(first.stack)).length;
    await bringUpAgain(first.stack);

    const unknown = await runLonghaul(['resume', 'lost'], first.stack.environment);
    expect(unknown, unknown.stderr).toMatchObject({ exitCode: 5 });
    const lost = await runLonghaulJson<Status>(['status', migration.migrationPath], first.stack.environment);
    expect(lost.document).toMatchObject({ phase: 'failed', units: { total: 200, done: provenAtLoss.size } });
    await run(['resume', migration.migrationPath]);
    await until(
      '60 units have a receipt',
      async () => (await receipts()).length >= Math.max(60, provenAtLoss.size + 20),
    );

    // Now that server and its workers are gone, and the migration continues on another one.
    await killTemporal();
    second = await startStack(first.stack);
    const provenAtMove = new Set(await receipts());
    expect(provenAtMove.size).toBeLessThan(200);
    const readsAtMove = blobReads(sourceRequests(first.stack)).length;
    await run(['resume', migration.migrationPath], second.stack);
    await until('the other server moves units', async () => (await receipts()).length > provenAtMove.size);
    await bringUpAgain(first.stack);
    const there = await runLonghaulJson<Status>(['watch', 'lost'], second.stack.environment);
    expect(there, there.stderr).toMatchObject({ exitCode: 0, document: { phase: 'completed', units: { done: 200 } } });

    await until('the old root has ended', async () => {
      const { document } = await runLonghaulJson<Status>(['status', 'lost'], first.stack.environment);
      if (document.phase === 'failed') expect(document.failure?.class).toBe('Superseded');
      return document.phase === 'failed';
    });
    await expectRightOutcome(s3, migration);
    const reads = blobReads(sourceRequests(first.stack));
    const again = (from: number, ids: ReadonlySet<string>) => {
      const proven = blobsOf(ids);
      return reads.slice(from).filter((path) => proven.has(path));
    };
    expect(again(readsAtLoss, provenAtLoss)).toEqual([]);
    expect(again(readsAtMove, provenAtMove)).toEqual([]);
  });
});
