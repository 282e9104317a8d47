import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { BlobRow, UnitRow } from '../../src/commands/export/lineage-rows.js';
import type { ExpectedUnit } from '../../src/local/demo-data/expected-unit.js';
import { steadyFaults } from '../support/faults/steady-faults.js';
import { runLonghaul, runLonghaulJson, startLonghaul } from '../support/programs/longhaul-program.js';
import { migrationStatus } from '../support/programs/migration-status.js';
import { dealt, randomNumbers } from '../support/random-numbers.js';
import { readObjects } from '../support/programs/target-objects.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { testSeed } from '../support/test-seed.js';
import { soakDisturbances } from './soak-disturbances.js';

const minutes = Number(process.env['LONGHAUL_SOAK_MINUTES'] ?? '10');
const units = 400;
const unitsAtFirst = 50;
const unitsAdded = 50;

const own = useProxiedStack();

/**
 * A migration that is disturbed at random for as long as `LONGHAUL_SOAK_MINUTES` says, and refilled by rounds: whenever
 * one ends, the next one has more units, until all are in. At the end the bucket, the ledgers and the figures are those
 * of an undisturbed run, and a full verification finds nothing.
 */
it('a migration that is disturbed for a long time and refilled by rounds ends as an undisturbed one', async () => {
  const { stack, stores, s3 } = own;
  const random = randomNumbers(testSeed('soak'));
  const migration = await generateProxied(own, 'soak', { units, seed: 17, bigUnitRawBytes: 0 });
  const [header = '', ...lines] = (await readFile(migration.unitsPath, 'utf8')).trimEnd().split('\n');
  let included = unitsAtFirst;
  const writeUnits = () => writeFile(migration.unitsPath, [header, ...lines.slice(0, included), ''].join('\n'));
  await writeUnits();

  stores.inject(steadyFaults(random));
  await start([]);
  const disturbances = soakDisturbances(own, migration, random);
  const names = dealt(random, Object.keys(disturbances));
  const endMs = performance.now() + minutes * 60_000;
  let rounds = 1;
  while (performance.now() < endMs) {
    const name = names.next().value;
    console.log(`${new Date().toISOString()} ${name}`);
    await disturbances[name]?.();
    if ((await migrationStatus(stack, migration.name))?.phase !== 'completed') continue;
    included = Math.min(included + unitsAdded, units);
    await writeUnits();
    await start(['--again']);
    rounds += 1;
  }

  stores.inject(() => undefined);
  await ended();
  included = units;
  await writeUnits();
  await start(['--again']);
  await ended();
  const objects = await readObjects(s3, migration.bucket, 'units/');
  expect([...objects.keys()]).toEqual(migration.expected.map((unit) => unit.key).sort());
  for (const unit of migration.expected) {
    expect(objects.get(unit.key), unit.id).toMatchObject({ sha256: sha256Of(unit) });
  }
  await compareLedgers();
  const status = await migrationStatus(stack, migration.name);
  expect(status?.units).toMatchObject({ total: units, done: units, failed: 0 });
  const verified = await runLonghaulJson(['verify', migration.name, '--full'], stack.environment);
  expect(verified, verified.stderr).toMatchObject({ exitCode: 0 });
  console.log(`${String(rounds)} rounds, ${String(stores.requests.length)} requests`);

  async function start(options: readonly string[]): Promise<void> {
    const run = await runLonghaul(['start', migration.migrationPath, ...options], stack.environment);
    expect(run.exitCode, run.stderr).toBe(0);
  }

  /** Compares what the ledgers say of each unit with the oracle. */
  async function compareLedgers(): Promise<void> {
    const run = await runLonghaul(['export', migration.name], stack.environment);
    expect(run.exitCode, run.stderr).toBe(0);
    const rows = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as UnitRow | BlobRow);
    const proven = new Map(rows.flatMap((row) => (row.type === 'unit' ? [[row.unit, row.rawSha256]] : [])));
    expect(proven).toEqual(new Map(migration.expected.map((unit) => [unit.id, sha256Of(unit)])));
  }

  async function ended(): Promise<void> {
    const { exitCode, stderr } = await startLonghaul(['watch', migration.name, '--json'], stack.environment);
    expect(exitCode, stderr).toBe(0);
  }
});

function sha256Of(unit: ExpectedUnit): string {
  if (unit.state !== 'done') throw new Error(`${unit.id} is not expected to be done`);
  return unit.sha256;
}
