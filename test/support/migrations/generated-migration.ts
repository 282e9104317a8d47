import { mkdtempSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { demoContainers } from '../../../src/local/demo-data/demo-containers.js';
import type { DemoContent } from '../../../src/local/demo-data/demo-data-options.js';
import { readExpected, type ExpectedUnit } from '../../../src/local/demo-data/expected-unit.js';
import { generateDemoData } from '../../../src/local/demo-data/generate-demo-data.js';
import type { SharedStack } from '../servers/e2e-stack.js';

/** A migration whose data is in the shared stack, ready to be started. */
export interface GeneratedMigration {
  readonly name: string;
  /** The ending of the names of its source containers. */
  readonly dataName: string;
  readonly bucket: string;
  readonly directory: string;
  readonly migrationPath: string;
  readonly unitsPath: string;
  readonly expected: readonly ExpectedUnit[];
}

/**
 * The endpoints that a migration uses instead of the stores themselves: URLs without a path, such as those of proxies.
 */
export interface StoreEndpoints {
  readonly azure: string;
  readonly s3: string;
}

/** Data for tests that count units or requests, and not bytes: no large unit, and blobs of about 1 KB. */
export const smallBlobs = { bigUnitRawBytes: 0, blobRawBytes: 6_000 } as const;

/** Generates data in the stack's Azurite and writes the migration's files. The target bucket is new. */
export async function generateMigration(
  stack: SharedStack,
  name: string,
  content: Omit<DemoContent, 'seed'> & { readonly seed?: number },
  endpoints?: StoreEndpoints,
): Promise<GeneratedMigration> {
  const directory = mkdtempSync(join(stack.stateDir, `${name}-`));
  const byAccount = {
    east: azureService(stack, 'prodeast'),
    west: azureService(stack, 'prodwest'),
    late: azureService(stack, 'prodlate'),
  };
  for (const { account, container } of demoContainers({ units: content.units, set: name })) {
    await byAccount[account].getContainerClient(container).createIfNotExists();
  }
  const bucket = `${name}-bucket`;
  const s3 = s3Client(stack);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  s3.destroy();
  const summary = await generateDemoData({
    seed: 1,
    ...content,
    set: name,
    name,
    directory,
    accounts: {
      east: { endpoint: accountUrl(byAccount.east, endpoints), credential: credentialOf('prodeast', endpoints) },
      west: { endpoint: accountUrl(byAccount.west, endpoints), credential: credentialOf('prodwest', endpoints) },
      late: { endpoint: accountUrl(byAccount.late, endpoints), credential: credentialOf('prodlate', endpoints) },
    },
    target: {
      bucket,
      endpoint: endpoints?.s3 ?? stack.s3Endpoint,
      region: stack.environment['AWS_REGION'] ?? '',
      keyPrefix: 'units/',
    },
    uploadsInFlight: 8,
    putBlob: async ({ account, container, name: blob, bytes }) => {
      await byAccount[account].getContainerClient(container).getBlockBlobClient(blob).uploadData(bytes);
    },
  });
  const expected: ExpectedUnit[] = [];
  for await (const unit of readExpected(summary.expectedPath)) expected.push(unit);
  return {
    name,
    dataName: name,
    bucket,
    directory,
    migrationPath: summary.migrationPath,
    unitsPath: summary.unitsPath,
    expected,
  };
}

/** Writes the files of a second migration of the same data, with another name and a new bucket. */
export async function repeatMigration(
  stack: SharedStack,
  migration: GeneratedMigration,
  name: string,
  change: (text: string) => string = (text) => text,
): Promise<GeneratedMigration> {
  const bucket = `${name}-bucket`;
  const s3 = s3Client(stack);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  s3.destroy();
  const migrationPath = join(migration.directory, `${name}.yaml`);
  const text = await readFile(migration.migrationPath, 'utf8');
  await writeFile(
    migrationPath,
    change(text.replace(`name: ${migration.name}\n`, `name: ${name}\n`).replace(migration.bucket, bucket)),
  );
  return { ...migration, name, bucket, migrationPath };
}

/** Returns a client for one of the stack's accounts. */
export function azureService(stack: SharedStack, account: string): BlobServiceClient {
  const connection = stack.environment[`LONGHAUL_CREDENTIAL_${account.toUpperCase()}`];
  if (connection === undefined) throw new Error(`the stack has no account ${account}`);
  return BlobServiceClient.fromConnectionString(connection);
}

/** A connection string is valid for one endpoint only, so behind a proxy the bare key of the account is used. */
function credentialOf(account: string, endpoints: StoreEndpoints | undefined): string {
  return endpoints === undefined ? account : `${account}-key`;
}

function accountUrl(service: BlobServiceClient, endpoints: StoreEndpoints | undefined): string {
  const { pathname, origin } = new URL(service.url);
  return `${endpoints?.azure ?? origin}${pathname.replace(/\/$/, '')}`;
}

/** Returns a client for the stack's S3 server. The caller destroys it. */
export function s3Client(stack: SharedStack): S3Client {
  const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = stack.environment;
  return new S3Client({
    region,
    endpoint: stack.s3Endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  });
}
