import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { generateMigration, s3Client } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { startProxiedStores, type ProxiedStores } from '../support/servers/proxied-stores.js';
import { listKeys, readObjects } from '../support/programs/target-objects.js';

const stack = inject('stack');
const s3 = s3Client(stack);
let stores: ProxiedStores;

beforeAll(async () => {
  stores = await startProxiedStores(stack);
});
afterAll(async () => {
  s3.destroy();
  await stores.close();
});

it('a migration with degraded conditional writes sends no condition, and its failures are found', async () => {
  const damage = new Map([[3, 'truncated' as const]]);
  const content = { units: 12, seed: 9, bigUnitRawBytes: 0, damage };
  const migration = await generateMigration(stack, 'degraded', content, stores.endpoints);
  const text = await readFile(migration.migrationPath, 'utf8');
  await writeFile(migration.migrationPath, text.replace(/^target:\n/m, 'target:\n  conditionalWrites: degraded\n'));

  const run = await runLonghaulJson<{ phase: string; units: Record<string, number> }>(
    ['start', migration.migrationPath, '--watch'],
    stack.environment,
  );

  expect(run, run.stderr).toMatchObject({ exitCode: 3, document: { phase: 'completed-with-failures' } });
  const objects = await readObjects(s3, migration.bucket, 'units/');
  for (const unit of migration.expected) {
    const sha256 = unit.state === 'done' ? unit.sha256 : undefined;
    expect(objects.get(unit.key)?.sha256, unit.id).toBe(sha256);
  }
  const writes = stores.target.requests.filter(({ method }) => method === 'PUT' || method === 'POST');
  expect(writes.map(({ kind }) => kind)).toContain('put object');
  const conditional = writes.filter(({ headers }) => 'if-match' in headers || 'if-none-match' in headers);
  expect(conditional.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  const ledgers = await listKeys(s3, migration.bucket, '.longhaul/degraded/r0000/ledger/');
  expect(ledgers).toEqual(ledgers.map(() => expect.stringMatching(/\/s\d{4}\/1-[0-9a-f-]{36}\.ndjson\.gz$/) as string));
  const failures = await runLonghaulJson<{ failures: readonly unknown[] }>(
    ['failures', migration.migrationPath],
    stack.environment,
  );
  expect(failures.document.failures).toMatchObject([
    { id: migration.expected[3]?.id, class: 'CorruptInput/Truncated' },
  ]);
});
