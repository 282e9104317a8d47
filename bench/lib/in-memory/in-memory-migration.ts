import { createWriteStream, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { startBzip2Compressor } from '../../../src/local/demo-data/bzip2-compressor.js';
import { azureService } from '../../../test/support/migrations/generated-migration.js';
import type { SharedStack } from '../../../test/support/servers/e2e-stack.js';
import { settingsVariable, type InMemoryStores } from './stand-ins/settings.mjs';
import { unitNumber } from './stand-ins/virtual-account.mjs';

/** What is to be moved. */
export interface InMemoryWork extends Pick<InMemoryStores, 'units' | 'blobsOfUnit' | 'latencyMs' | 'validKeyPath'> {
  readonly name: string;
  /** How many units each process moves at once; without it, Longhaul decides. */
  readonly unitsInFlight?: number;
}

/** A migration whose blobs and objects are in the memory of its workers; the ledger is in a real bucket. */
export interface InMemoryMigration {
  readonly name: string;
  readonly path: string;
  /** For the command line and for workers. */
  readonly environment: Readonly<Record<string, string>>;
  readonly requestsFolder: string;
}

/** Writes a migration of many units, each with a few small blobs. */
export async function prepareInMemory(
  { stack, s3 }: { readonly stack: SharedStack; readonly s3: S3Client },
  { name, unitsInFlight, ...content }: InMemoryWork,
): Promise<InMemoryMigration> {
  const account = azureService(stack, 'prodeast');
  await account.getContainerClient(name).createIfNotExists();
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  const directory = join(stack.stateDir, name);
  const [path, blobPath, requestsFolder] = ['migration.yaml', 'data.bz2', 'requests'].map((file) =>
    join(directory, file),
  ) as [...[string, string, string]];
  mkdirSync(requestsFolder, { recursive: true });
  const compressor = startBzip2Compressor({ python: 'python3', processes: 1 });
  await writeFile(blobPath, await compressor.compress([Buffer.from('{"at":"2020-01-01T00:00:00Z","amount":42}\n')]));
  compressor.close();
  await pipeline(Readable.from(unitLines(content.units)), createWriteStream(join(directory, 'units.csv')));
  const speed = unitsInFlight === undefined ? '' : `speed: { unitsInFlight: ${String(unitsInFlight)} }\n`;
  await writeFile(path, `${migrationYaml(name, account.url, stack)}${speed}`);
  const settings: InMemoryStores = { ...content, blobPath, requestsFolder };
  return {
    ...{ name, path, requestsFolder },
    environment: {
      ...stack.environment,
      ...{ LONGHAUL_TASK_QUEUE: name, LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1' },
      [settingsVariable]: JSON.stringify(settings),
    },
  };
}

function migrationYaml(name: string, accountUrl: string, { environment, s3Endpoint }: SharedStack): string {
  const { AWS_REGION: region = '' } = environment;
  return `version: 1
name: ${name}
units: { from: units.csv, id: '{{ number }}' }
accounts:
  east: { endpoint: '${accountUrl}', credential: prodeast-key }
find:
  - { account: east, container: ${name}, prefix: '{{ number }}/' }
target:
  { bucket: ${name}, key: 'units/{{ number }}.gz', region: ${region}, forcePathStyle: true,
    endpoint: '${s3Endpoint}' }
`;
}

function* unitLines(units: number): Generator<string> {
  yield 'number\n';
  for (let index = 0; index < units; index += 1) yield `${unitNumber(index)}\n`;
}
