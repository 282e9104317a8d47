import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { S3Client } from '@aws-sdk/client-s3';
import { watchMigration } from '../support/await-migration.js';
import {
  generateMigration,
  repeatMigration,
  s3Client,
  type GeneratedMigration,
} from '../support/generated-migration.js';
import { startProxiedStores, type ProxiedStores } from '../support/proxied-stores.js';
import { expectRightOutcome } from '../support/right-outcome.js';
import { startStack, type StartedStack } from '../support/start-stack.js';
import { writingRequests } from '../support/writing-requests.js';

describe('replies lost for one kind of writing request throughout a migration', () => {
  let own: StartedStack;
  let stores: ProxiedStores;
  let s3: S3Client;
  let data: GeneratedMigration;

  beforeAll(async () => {
    own = await startStack();
    stores = await startProxiedStores(own.stack);
    s3 = s3Client(own.stack);
    data = await generateMigration(own.stack, 'lost', { units: 12 }, stores.endpoints);
  }, 300_000);

  afterAll(async () => {
    s3.destroy();
    await stores.close();
    await own.end();
  });

  // A ledger is flushed before its end only in a slice that lasts: the faults tier has one.
  it.each(writingRequests.filter((kind) => kind !== 'flush ledger'))('have no wrong outcome: %s', async (kind) => {
    const migration = await repeatMigration(own.stack, data, `lost-${kind.replaceAll(' ', '-')}`);
    const first = stores.requests.length;
    const lost = new Set<string>();
    stores.inject((request) => {
      if (request.kind !== kind || lost.has(request.path)) return undefined;
      lost.add(request.path);
      return { kind: 'lost-reply' };
    });

    await watchMigration(own.stack, migration).ended();

    await expectRightOutcome(s3, migration);
    const faulted = stores.requests.slice(first).filter(({ fault }) => fault !== undefined);
    expect(lost.size).toBeGreaterThan(0);
    expect(faulted.map((request) => request.status)).toEqual([...lost].map(() => 200));
  });
});
