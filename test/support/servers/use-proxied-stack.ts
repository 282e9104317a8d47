import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DemoContent } from '../../../src/local/demo-data/demo-data-options.js';
import type { SharedStack } from './e2e-stack.js';
import { generateMigration, s3Client, type GeneratedMigration } from '../migrations/generated-migration.js';
import { startProxiedStores, type ProxiedStores } from './proxied-stores.js';
import { soonNoticed } from '../migrations/soon-noticed.js';
import { startStack } from './start-stack.js';

/** A local stack that a test file has to itself, with a proxy in front of each store. */
export interface ProxiedStack {
  readonly stack: SharedStack;
  readonly stores: ProxiedStores;
  /** A client that bypasses the proxy. */
  readonly s3: S3Client;
}

/** Starts a stack before the tests of a file and ends it after them. The result may be used from the first hook on. */
export function useProxiedStack(): ProxiedStack {
  let started: ProxiedStack | undefined;
  let end: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    const own = await startStack();
    end = own.end;
    started = { stack: own.stack, stores: await startProxiedStores(own.stack), s3: s3Client(own.stack) };
  }, 300_000);
  afterAll(async () => {
    started?.s3.destroy();
    await started?.stores.close();
    await end();
  });
  const ready = (): ProxiedStack => {
    if (started === undefined) throw new Error('the stack has not been started');
    return started;
  };
  return {
    get stack() {
      return ready().stack;
    },
    get stores() {
      return ready().stores;
    },
    get s3() {
      return ready().s3;
    },
  };
}

/** Generates a migration whose stores are behind the proxies, with {@link soonNoticed}. */
export async function generateProxied(
  { stack, stores }: ProxiedStack,
  name: string,
  content: Omit<DemoContent, 'seed'> & { readonly seed?: number },
): Promise<GeneratedMigration> {
  const migration = await generateMigration(stack, name, content, stores.endpoints);
  await appendFile(migration.migrationPath, soonNoticed);
  return migration;
}
