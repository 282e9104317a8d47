import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTemporalCluster, temporalServices, type TemporalCluster } from '../support/cluster/temporal-cluster.js';
import { useCluster } from '../support/cluster/use-cluster.js';
import { PutGate } from '../support/faults/put-gate.js';
import { repeatedReads } from '../support/faults/repeated-reads.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { repeatMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { generateProxied } from '../support/servers/use-proxied-stack.js';
import { until } from '../support/until.js';

interface Status {
  readonly phase: string;
  readonly units: { readonly done: number };
  readonly failure?: { readonly class: string | null; readonly message: string };
}

describe('a running migration on one of two clusters', () => {
  const units = 120;
  const cluster = useCluster(['worker-1']);
  let other: TemporalCluster | undefined;
  let elsewhere: Readonly<Record<string, string>>;
  let data: GeneratedMigration;

  beforeAll(async () => {
    other = await startTemporalCluster(cluster.network, 'other');
    elsewhere = { ...cluster.stack.environment, TEMPORAL_ADDRESS: other.address };
    await cluster.start('worker-2', { environment: { TEMPORAL_ADDRESS: other.address } });
    data = await generateProxied(cluster, 'data', { units, seed: 17, bigUnitRawBytes: 0 });
  }, 1_800_000);
  afterAll(() => other?.end());

  const run = async (args: readonly string[], environment = cluster.stack.environment): Promise<void> => {
    const { exitCode, stderr } = await runLonghaul(args, environment);
    expect(exitCode, `${args.join(' ')}: ${stderr}`).toBe(0);
  };
  const completed = { exitCode: 0, document: { phase: 'completed', units: { done: units, failed: 0 } } };

  /** Starts a migration of the data, and holds back what comes after a third of it. */
  async function startHeld(name: string) {
    const migration = await repeatMigration(cluster.stack, data, name);
    const first = cluster.stores.requests.length;
    const gate = new PutGate(cluster.stores, migration);
    gate.holdFrom(units / 3);
    await run(['start', migration.migrationPath]);
    await until('a third of the units is stored', () => gate.stored >= units / 3);
    return { migration, gate, requests: () => cluster.stores.requests.slice(first) };
  }

  it('moves to the other one by `cancel` here and `resume FILE` there', async () => {
    const { migration, gate, requests } = await startHeld('moved');
    const cancelled = runLonghaul(['cancel', 'moved'], cluster.stack.environment);
    gate.release();
    expect(await cancelled).toMatchObject({ exitCode: 0 });
    const atRest = performance.now();
    await run(['resume', migration.migrationPath], elsewhere);
    expect(await runLonghaulJson<Status>(['watch', 'moved'], elsewhere)).toMatchObject(completed);

    await expectRightOutcome(cluster.s3, migration);
    expect(repeatedReads(migration, requests(), [atRest])).toEqual([]);
  });

  it('belongs to the one that resumed it last; the other one ends as superseded', async () => {
    const { migration, gate, requests } = await startHeld('owned-twice');
    await run(['resume', migration.migrationPath], elsewhere);
    gate.release();
    expect(await runLonghaulJson<Status>(['watch', 'owned-twice'], elsewhere)).toMatchObject(completed);
    await until('the first root has ended', async () => {
      const { document } = await runLonghaulJson<Status>(['status', 'owned-twice'], cluster.stack.environment);
      return document.phase === 'failed';
    });

    const { document } = await runLonghaulJson<Status>(['status', 'owned-twice'], cluster.stack.environment);
    expect(document.failure).toMatchObject({ class: 'Superseded' });
    // Whichever it reads first: the ledger of a slice, or who owns the migration.
    expect(document.failure?.message).toMatch(
      /was claimed under epoch 2, this is epoch 1$|epoch 1 was taken over by epoch 2$/,
    );
    await expectRightOutcome(cluster.s3, migration);
    expect(repeatedReads(migration, requests(), [])).toEqual([]);
  });

  it('continues from its ledger when the database is replaced by an old backup of it', async () => {
    const { migration, gate, requests } = await startHeld('restored');
    const { postgres } = cluster.temporal;
    await postgres.backUp();
    gate.release();
    gate.holdFrom((2 * units) / 3);
    await until('two thirds of the units are stored', () => gate.stored >= (2 * units) / 3);

    await cluster.workers.get('worker-1')?.kill();
    const deathMs = performance.now();
    for (const service of temporalServices) await cluster.temporal.kill(service);
    await postgres.kill();
    await postgres.restore();
    await postgres.start();
    await Promise.all(temporalServices.map((service) => cluster.temporal.start(service)));
    await cluster.start('worker-1');
    gate.release();
    await run(['resume', 'restored']);
    const { document } = await runLonghaulJson<Status>(['watch', 'restored'], cluster.stack.environment);
    expect(document).toMatchObject(completed.document);

    await expectRightOutcome(cluster.s3, migration);
    expect(repeatedReads(migration, requests(), [deathMs])).toEqual([]);
  });
});
