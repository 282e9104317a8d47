import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readDocument } from '../support/documents/documents.js';
import type { ProxiedRequest } from '../support/faults/fault-proxy.js';
import { generateMigration } from '../support/migrations/generated-migration.js';
import { allowedBy, type Place } from '../support/permissions/iam-policy.js';
import { s3Actions } from '../support/permissions/s3-actions.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { startProxiedStores, type ProxiedStores } from '../support/servers/proxied-stores.js';

const page = readDocument('docs/permissions.md');

describe('what a migration asks of the stores, from its check to its end', () => {
  const stack = inject('stack');
  let stores: ProxiedStores;

  beforeAll(async () => {
    stores = await startProxiedStores(stack);
    const migration = await generateMigration(stack, 'permissions', { units: 8 }, stores.endpoints);
    const file = migration.migrationPath;
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('\ntarget:\n', '\ntarget:\n  tags: { team: data }\n'));
    // The command line names itself in its requests; workers do not.
    const environment = { ...stack.environment, AWS_SDK_UA_APP_ID: 'operator' };
    for (const [exitCode, ...args] of [
      [0, 'check', file],
      [0, 'plan', file],
      [0, 'start', file, '--watch'],
      [0, 'status', file],
      [0, 'failures', file],
      [0, 'export', file, '-o', join(migration.directory, 'lineage.ndjson')],
      [0, 'verify', file, '--full'],
      [0, 'start', file, '--again', '--watch'],
      [0, 'forget', file, '--yes'],
    ] as const) {
      const run = await runLonghaul(args, environment);
      expect(run.exitCode, `${args.join(' ')}\n${run.stderr}`).toBe(exitCode);
    }
  });
  afterAll(() => stores.close());

  const used = (who: 'operator' | 'worker'): readonly string[] => {
    const own = stores.target.requests.filter((request) => isOperator(request) === (who === 'operator'));
    return [...new Set(own.flatMap((request) => s3Actions(request).map((action) => `${placeOf(request)} ${action}`)))];
  };

  it.each(['operator', 'worker'] as const)('is what the policy for the %s allows, no more and no less', (who) => {
    const heading = { operator: 'The machine that starts and watches', worker: 'The workers' }[who];
    const unseen = who === 'worker' ? onlyAfterFaults : [];
    expect([...used(who), ...unseen].sort()).toEqual(allowedBy(page, heading));
  });

  it('is of the source to list and to read, and nothing else', () => {
    const kinds = new Set(stores.source.requests.map(({ method, kind }) => `${method} ${kind}`));
    expect([...kinds].sort()).toEqual(['GET list blobs', 'GET read blob']);
  });
});

/** What only an upload that was interrupted needs; the tests of faults see it. */
const onlyAfterFaults = ['target ListMultipartUploadParts'];

function isOperator({ headers }: ProxiedRequest): boolean {
  return headers['user-agent']?.includes('app/operator') === true;
}

function placeOf({ path }: ProxiedRequest): Place {
  const key = path.split('/').slice(2).join('/');
  if (key === '') return 'bucket';
  return key.startsWith('.longhaul/') ? 'control' : 'target';
}
