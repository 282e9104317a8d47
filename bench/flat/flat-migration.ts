import { createWriteStream, mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { startBzip2Compressor } from '../../src/local/demo-data/bzip2-compressor.js';
import { azureService, s3Client } from '../../test/support/migrations/generated-migration.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';

/** The migration of the benchmark: its files, and the variables for the command line and the workers. */
export interface FlatMigration {
  readonly name: string;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The file with the key that workers read, and the one with the key that the account accepts. */
  readonly credentialPath: string;
  readonly validKeyPath: string;
  /** Where each process of a worker writes at its end how many objects it has put. */
  readonly movedFolder: string;
}

const name = 'flat';
// A short list must last long enough to be disturbed.
const [shortList, latencyMs] = [200_000, 200] as const;
const credentialVariable = 'LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE';

/** Writes a migration of many units, each with one small blob. */
export async function prepareFlat(stack: SharedStack, units: number): Promise<FlatMigration> {
  const account = azureService(stack, 'prodeast');
  await account.getContainerClient(name).createIfNotExists();
  const s3 = s3Client(stack);
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  s3.destroy();
  const directory = join(stack.stateDir, name);
  mkdirSync(directory);
  const blob = join(directory, 'data.bz2');
  const compressor = startBzip2Compressor({ python: 'python3', processes: 1 });
  await writeFile(blob, await compressor.compress([Buffer.from('{"at":"2020-01-01T00:00:00Z","amount":42}\n')]));
  compressor.close();
  await pipeline(Readable.from(unitLines(units)), createWriteStream(join(directory, 'units.csv')));
  const path = join(directory, 'migration.yaml');
  await writeFile(path, migrationYaml(account.url, stack));
  const credentialPath = stack.environment[credentialVariable] ?? '';
  const validKeyPath = join(directory, 'valid-key');
  await writeFile(validKeyPath, await readFile(credentialPath));
  const movedFolder = join(directory, 'moved');
  mkdirSync(movedFolder);
  const environment = {
    ...stack.environment,
    ...{ LONGHAUL_TASK_QUEUE: name, LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1' },
    ...{ FLAT_UNITS: String(units), FLAT_BLOB: blob, FLAT_VALID_KEY: validKeyPath },
    ...{ FLAT_MOVED: movedFolder, FLAT_LATENCY: units < shortList ? String(latencyMs) : '0' },
  };
  return { name, path, environment, credentialPath, validKeyPath, movedFolder };
}

function migrationYaml(accountUrl: string, { environment, s3Endpoint }: SharedStack): string {
  const { AWS_REGION: region = '' } = environment;
  return `version: 1
name: ${name}
units: { from: units.csv, id: '{{ number }}' }
accounts:
  east: { endpoint: '${accountUrl}', credential: prodeast-key }
find:
  - { account: east, container: ${name}, prefix: '{{ number }}/' }
target: { bucket: ${name}, key: 'units/{{ number }}.gz', region: ${region}, endpoint: '${s3Endpoint}' }
`;
}

function* unitLines(units: number): Generator<string> {
  yield 'number\n';
  for (let index = 0; index < units; index += 1) yield `${String(index).padStart(7, '0')}\n`;
}
