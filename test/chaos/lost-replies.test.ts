import { beforeAll, describe, expect, it } from 'vitest';
import { watchMigration } from '../support/programs/await-migration.js';
import {
  generateMigration,
  repeatMigration,
  type GeneratedMigration,
} from '../support/migrations/generated-migration.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { writingRequests } from '../support/faults/writing-requests.js';

describe('replies lost for one kind of writing request throughout a migration', () => {
  const own = useProxiedStack();
  let data: GeneratedMigration;

  beforeAll(async () => {
    data = await generateMigration(own.stack, 'lost', { units: 12 }, own.stores.endpoints);
  }, 300_000);

  // Only a slice that lasts flushes its ledger before its end; the faults tier has one.
  it.each(writingRequests.filter((kind) => kind !== 'flush ledger'))('have no wrong outcome: %s', async (kind) => {
    const { stores, s3 } = own;
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
