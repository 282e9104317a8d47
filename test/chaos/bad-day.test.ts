import { expect, it } from 'vitest';
import type { ProxiedRequest } from '../support/faults/fault-proxy.js';
import { expectRightOutcome } from '../support/faults/right-outcome.js';
import { badDay, steadyFaults } from '../support/faults/steady-faults.js';
import { repeatMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { watchMigration } from '../support/programs/await-migration.js';
import { randomNumbers } from '../support/random-numbers.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';
import { testSeed } from '../support/test-seed.js';

const own = useProxiedStack();

it('a migration completes with every object right while nine requests of a hundred fail', async () => {
  const { stack, stores, s3 } = own;
  const migration = await generateProxied(own, 'bad-day', { units: 300, seed: 13 });
  const undisturbed = await measured(await repeatMigration(stack, migration, 'bad-day-undisturbed'));
  stores.inject(steadyFaults(randomNumbers(testSeed('bad day')), badDay));
  const disturbed = await measured(migration);

  await expectRightOutcome(s3, migration);
  const hit = disturbed.requests.filter(({ fault }) => fault !== undefined).length;
  expect(hit / disturbed.requests.length).toBeGreaterThan(0.07);
  const times = (disturbed.ms / undisturbed.ms).toFixed(2);
  const requests = (disturbed.requests.length / undisturbed.requests.length).toFixed(2);
  console.log(`A bad day: ${times} times as long, ${requests} times as many requests, ${String(hit)} of them hit`);
});

async function measured(
  migration: GeneratedMigration,
): Promise<{ readonly ms: number; readonly requests: readonly ProxiedRequest[] }> {
  const first = own.stores.requests.length;
  const startedMs = performance.now();
  await watchMigration(own.stack, migration).ended();
  return { ms: performance.now() - startedMs, requests: own.stores.requests.slice(first) };
}
