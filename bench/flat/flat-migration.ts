import { mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { s3Client } from '../../test/support/migrations/generated-migration.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';
import { prepareInMemory, type InMemoryMigration } from '../lib/in-memory/in-memory-migration.js';

/** The migration of the benchmark, whose account takes one key, which can be changed. */
export interface FlatMigration extends InMemoryMigration {
  /** The file with the key that workers read, and the one with the key that the account accepts. */
  readonly credentialPath: string;
  readonly validKeyPath: string;
}

// A short list must last long enough to be disturbed: the shorter it is, the longer each request takes.
const [shortList, latencyMax] = [200_000, 1_000];
const credentialVariable = 'LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE';

/** Writes a migration of many units, each with one small blob. */
export async function prepareFlat(stack: SharedStack, units: number): Promise<FlatMigration> {
  const credentialPath = stack.environment[credentialVariable] ?? '';
  const validKeyPath = join(mkdtempSync(join(stack.stateDir, 'key-')), 'valid-key');
  await writeFile(validKeyPath, await readFile(credentialPath));
  const s3 = s3Client(stack);
  const latencyMs = units < shortList ? Math.min(latencyMax, (10 * shortList) / units) : 0;
  const work = { units, blobsOfUnit: 1, latencyMs };
  const migration = await prepareInMemory({ stack, s3 }, { name: 'flat', ...work, validKeyPath });
  s3.destroy();
  return { ...migration, credentialPath, validKeyPath };
}
