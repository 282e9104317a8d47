import { beforeAll, describe, expect, it } from 'vitest';
import { watchMigration } from '../support/programs/await-migration.js';
import type { FaultPlan } from '../support/faults/fault-proxy.js';
import {
  generateMigration,
  repeatMigration,
  type GeneratedMigration,
} from '../support/migrations/generated-migration.js';
import { loseFirstReplies } from '../support/faults/lose-first-replies.js';
import { randomNumbers } from '../support/random-numbers.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { seededFaults } from '../support/faults/seeded-faults.js';
import { testSeed } from '../support/test-seed.js';
import { useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { writingRequests } from '../support/faults/writing-requests.js';

describe('a migration whose stores fail', () => {
  const own = useProxiedStack();
  let data: GeneratedMigration;

  beforeAll(async () => {
    // Two slices. One of the units is sent in three parts.
    data = await generateMigration(own.stack, 'faulty', { units: 12, seed: 7 }, own.stores.endpoints);
  }, 300_000);

  it('has no wrong outcome when each kind of writing request loses a reply after the server did the work', async () => {
    const { stores, s3 } = own;
    const migration = await repeatMigration(own.stack, data, 'faulty-lost');
    const lose = loseFirstReplies(writingRequests);
    stores.inject(holdUnitUntilFlush(migration, lose));

    await watchMigration(own.stack, migration).ended();

    await expectRightOutcome(s3, migration);
    const lost = stores.requests.filter(({ fault }) => fault?.kind === 'lost-reply');
    expect(lost.map(({ kind, status }) => `${kind}: ${String(status)}`).sort()).toEqual(
      writingRequests.map((kind) => `${kind}: 200`).sort(),
    );
  });

  it('completes with every unit when resets, stalls, cuts, refusals and lost replies come at random', async () => {
    const { stores, s3 } = own;
    const migration = await repeatMigration(own.stack, data, 'faulty-random');
    const first = stores.requests.length;
    stores.inject(seededFaults(randomNumbers(testSeed('faults'))));

    await watchMigration(own.stack, migration).ended();

    await expectRightOutcome(s3, migration);
    const faults = stores.requests.slice(first).flatMap(({ fault }) => fault?.kind ?? []);
    expect(faults.length).toBeGreaterThan(10);
    expect(faults).toEqual(expect.arrayContaining(['busy', 'cut-reply', 'lost-reply', 'reset', 'stall-reply']));
  });
});

/** Holds back the first unit until a ledger has been flushed, which happens only in a slice that lasts long enough. */
function holdUnitUntilFlush(migration: GeneratedMigration, plan: FaultPlan): FaultPlan {
  const held = new Set(migration.expected[0]?.wantedBlobNames.map(({ container, name }) => `/${container}/${name}`));
  let flushed = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    flushed = resolve;
  });
  return (request) => {
    if (request.kind === 'flush ledger') flushed();
    const path = request.path.replace(/^\/[^/]+/, '');
    return request.kind === 'read blob' && held.has(path) ? { kind: 'hold', until } : plan(request);
  };
}
