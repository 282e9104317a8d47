import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { demoContainers } from '../../src/local/demo-data/demo-containers.js';
import type { DemoContent } from '../../src/local/demo-data/demo-data-options.js';
import { readExpected, type ExpectedUnit } from '../../src/local/demo-data/expected-unit.js';
import { generateDemoData } from '../../src/local/demo-data/generate-demo-data.js';
import type { SharedStack } from './e2e-stack.js';

/** A migration whose data lies in the shared stack, ready to be started. */
export interface GeneratedMigration {
  readonly name: string;
  readonly bucket: string;
  readonly directory: string;
  readonly migrationPath: string;
  readonly unitsPath: string;
  readonly expected: readonly ExpectedUnit[];
}

/** Generates data in the stack's Azurite and writes the migration's files; the target bucket is new. */
export async function generateMigration(
  stack: SharedStack,
  name: string,
  content: Omit<DemoContent, 'seed'> & { readonly seed?: number },
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
      east: { endpoint: accountUrl(byAccount.east), credential: 'prodeast' },
      west: { endpoint: accountUrl(byAccount.west), credential: 'prodwest' },
      late: { endpoint: accountUrl(byAccount.late), credential: 'prodlate' },
    },
    target: { bucket, endpoint: stack.s3Endpoint, region: stack.environment['AWS_REGION'] ?? '', keyPrefix: 'units/' },
    uploadsInFlight: 8,
    putBlob: async ({ account, container, name: blob, bytes }) => {
      await byAccount[account].getContainerClient(container).getBlockBlobClient(blob).uploadData(bytes);
    },
  });
  const expected: ExpectedUnit[] = [];
  for await (const unit of readExpected(summary.expectedPath)) expected.push(unit);
  return { name, bucket, directory, migrationPath: summary.migrationPath, unitsPath: summary.unitsPath, expected };
}

/** A client for one of the stack's accounts. */
export function azureService(stack: SharedStack, account: string): BlobServiceClient {
  const connection = stack.environment[`LONGHAUL_CREDENTIAL_${account.toUpperCase()}`];
  if (connection === undefined) throw new Error(`the stack has no account ${account}`);
  return BlobServiceClient.fromConnectionString(connection);
}

function accountUrl(service: BlobServiceClient): string {
  return service.url.replace(/\/$/, '');
}

/** A client for the stack's S3 server. Whoever makes it destroys it. */
export function s3Client(stack: SharedStack): S3Client {
  const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = stack.environment;
  return new S3Client({
    region,
    endpoint: stack.s3Endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  });
}
