import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlanDocument } from '../../src/commands/verbs/plan/plan-document.js';
import { planName } from '../../src/domain/ids.js';
import { exploreUnitsWorkflow } from '../../src/workflows/messages.js';
import type { ProxiedRequest } from '../support/faults/fault-proxy.js';
import { killAtRequest } from '../support/faults/kill-at-request.js';
import { repeatMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { bringUpAgain } from '../support/servers/stack-parts.js';
import { generateProxied, useProxiedStack } from '../support/servers/use-proxied-stack.js';

const own = useProxiedStack();
let data: GeneratedMigration;

beforeAll(async () => {
  data = await generateProxied(own, 'killed-looks', { units: 60, seed: 31, bigUnitRawBytes: 0 });
}, 300_000);

describe('a plan that looks for unclaimed blobs, when all workers are killed with kill -9', () => {
  let undisturbed: PlanDocument;

  beforeAll(async () => {
    undisturbed = (await plan(await repeatMigration(own.stack, data, 'unclaimed-undisturbed'))).document;
    expect(undisturbed.unclaimed?.unclaimed.blobs).toBeGreaterThan(0);
    expect(undisturbed.unclaimed?.containers).toBeGreaterThan(2);
  }, 300_000);

  it.each<[string, string, () => (request: ProxiedRequest) => boolean]>([
    ['while it reads claims', 'unclaimed-claims', () => readsClosedLedger(2)],
    ['when it stores the first container', 'unclaimed-first', () => writes('/unclaimed/', 1)],
    ['when it stores the third container', 'unclaimed-third', () => writes('/unclaimed/', 3)],
  ])('finds what it finds undisturbed: %s', async (_, name, moment) => {
    const migration = await repeatMigration(own.stack, data, name);
    const isDue = moment();
    let begun: ReturnType<typeof plan> | undefined;
    await killAtRequest(
      own,
      ['workers'],
      (request) => request.path.startsWith(`/${migration.bucket}/`) && isDue(request),
      () => {
        begun = plan(migration);
      },
    );
    await bringUpAgain(own.stack);
    await begun;
    // It may have given up because no worker answered. The same line attaches to the plan, or reports it.
    const disturbed = await plan(migration);

    expect(disturbed, disturbed.stderr).toMatchObject({
      exitCode: 3,
      document: { verdicts: undisturbed.verdicts, moved: undisturbed.moved, unclaimed: undisturbed.unclaimed },
    });
    expect(await attemptsOf('findUnclaimed', `WorkflowId = '${planName(name)}'`)).toBeGreaterThan(1);
  });

  /** The claims are in the receipts. While units are looked at, nobody reads a ledger that has been closed. */
  function readsClosedLedger(times: number): (request: ProxiedRequest) => boolean {
    const closed = new Set<string>();
    let seen = 0;
    return ({ kind, path }) => {
      if (kind === 'close ledger') closed.add(path);
      return kind === 'read control' && closed.has(path) && (seen += 1) >= times;
    };
  }

  function writes(part: string, times: number): (request: ProxiedRequest) => boolean {
    let seen = 0;
    return ({ method, path }) => method === 'PUT' && path.includes(part) && (seen += 1) >= times;
  }

  const plan = ({ migrationPath }: GeneratedMigration) =>
    runLonghaulJson<PlanDocument>(['plan', migrationPath, '--unclaimed'], own.stack.environment);
});

describe('an exploration that writes a units file, when all workers are killed with kill -9', () => {
  it('writes the file that it writes undisturbed', async () => {
    const [whole, disturbed] = ['whole.csv', 'disturbed.csv'].map((name) => join(data.directory, name));
    const undisturbed = await explore(whole ?? '');
    expect(undisturbed, undisturbed.stderr).toMatchObject({ exitCode: 0 });

    // Every container is listed once to find the shapes. What is listed again is listed for the units.
    const listed = new Set<string>();
    let again = 0;
    let explored: ReturnType<typeof explore> | undefined;
    await killAtRequest(
      own,
      ['workers'],
      ({ kind, path }) => {
        if (kind !== 'list blobs') return false;
        if (listed.has(path)) again += 1;
        listed.add(path);
        return again >= 3;
      },
      () => {
        explored = explore(disturbed ?? '');
      },
    );
    await bringUpAgain(own.stack);
    const result = await explored;

    expect(result, result?.stderr).toMatchObject({ exitCode: 0 });
    const lines = await readFile(disturbed ?? '', 'utf8');
    expect(lines.split('\n').length).toBeGreaterThan(20);
    expect(lines).toBe(await readFile(whole ?? '', 'utf8'));
    expect(await attemptsOf('exploreUnits', `WorkflowType = '${exploreUnitsWorkflow}'`)).toBeGreaterThan(1);
  });

  const explore = (units: string) =>
    runLonghaulJson(
      ['explore', 'az://east', '--migration', data.migrationPath, '--units', units],
      own.stack.environment,
    );
});

/** Returns the highest attempt that Temporal started of an activity, among the workflows that a query finds. */
async function attemptsOf(activity: string, query: string): Promise<number> {
  const { environment } = own.stack;
  const connection = await Connection.connect({ address: environment['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const { workflow } = new Client({ connection, namespace: environment['TEMPORAL_NAMESPACE'] ?? '' });
    let attempts = 0;
    for await (const { workflowId, runId } of workflow.list({ query })) {
      const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
      const scheduled = new Set(
        events?.flatMap(({ eventId, activityTaskScheduledEventAttributes: attributes }) =>
          attributes?.activityType?.name === activity ? [String(eventId)] : [],
        ),
      );
      for (const { activityTaskStartedEventAttributes: started } of events ?? [])
        if (started != null && scheduled.has(String(started.scheduledEventId)))
          attempts = Math.max(attempts, started.attempt ?? 0);
    }
    return attempts;
  } finally {
    await connection.close();
  }
}
