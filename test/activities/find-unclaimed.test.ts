import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFindUnclaimed } from '../../src/activities/find-unclaimed-activity.js';
import { controlKeys } from '../../src/control/control-keys.js';
import { ownerJson } from '../../src/control/owner.js';
import { Failure } from '../../src/domain/failure.js';
import type { ContainerFindings } from '../../src/domain/stored/unclaimed-records.js';
import { BytePace } from '../../src/flow/byte-pace.js';
import { RequestPace } from '../../src/flow/request-pace.js';
import { prefixLookup, smallDefinition } from '../support/fakes/memory-migration.js';
import { memoryPlan } from '../support/fakes/memory-plan.js';
import { mockActivity } from '../support/fakes/mock-activity.js';
import { until } from '../support/until.js';

const input = { control: { name: 'plan/orders', bucket: 'b', prefix: '.longhaul', s3: {} }, round: 0, epoch: 1 };

let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'longhaul-test-'));
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});

/** A plan whose units have been looked at, in a container of each of two accounts with a stray blob. */
async function bench(epoch = input.epoch) {
  const definition = smallDefinition();
  const paced = { ...definition.accounts.east!, requestsPerSecond: 1_000 };
  const plan = memoryPlan({
    units: 2,
    definition: { ...definition, accounts: { ...definition.accounts, east: paced } },
    lookups: ({ id }) => [prefixLookup({ prefix: `${id}/` }), prefixLookup({ prefix: `${id}/`, account: 'west' })],
  });
  const { migration } = plan;
  for (const account of ['east', 'west']) {
    for (const unit of [0, 1]) migration.addBlob(unit, 'a', 'claimed', { account });
    migration.source.add({ account, container: 'events', name: `stray-${account}` }, 'stray');
  }
  await plan.look();
  migration.source.requests.log.length = 0;
  const owner = { format: 1, epoch, cluster: 'c', namespace: 'default', rootRunId: 'run' };
  migration.control.objects.set(controlKeys.owner(migration.base), Buffer.from(ownerJson.bytes(owner)));
  const turns: string[] = [];
  const asked: unknown[] = [];
  let stopped = 0;
  const activity = createFindUnclaimed({
    openMigration: async () => ({ resources: plan.resources }) as never,
    directives: {
      watch: async (wanted) => {
        asked.push(wanted);
        return {
          ...{ control: { draining: false }, pace: new BytePace(() => undefined), units: (move) => move() },
          requestPace: (account) => {
            turns.push(account);
            return new RequestPace(() => undefined);
          },
          stop: () => (stopped += 1),
        };
      },
    },
    redact: (text) => text.replaceAll('canary', '[redacted]'),
  });
  const listed = (): readonly string[] => migration.source.requests.log.map(({ name }) => name).sort();
  return { ...plan, activity, turns, asked, listed, stoppedTimes: () => stopped };
}

/** The findings without the keys of their lists, which differ in each run. */
const compared = (found: Readonly<Record<string, ContainerFindings>>) =>
  Object.fromEntries(Object.entries(found).map(([place, { list: _key, ...findings }]) => [place, findings]));

describe('findUnclaimed', () => {
  test('asks each account at the pace of the migration, and leaves no temporary file', async () => {
    const { activity, turns, asked, findings, stoppedTimes } = await bench();
    await mockActivity().run(activity, input);
    expect(await findings()).toMatchObject({
      'east/events': { claimed: { blobs: 2 }, unclaimed: { blobs: 1 } },
      'west/events': { claimed: { blobs: 2 }, unclaimed: { blobs: 1 } },
    });
    expect(turns.sort()).toEqual(['east', 'west']);
    expect(asked).toMatchObject([{ name: 'plan/orders', epoch: 1, speed: { requestsPerSecond: { east: 1_000 } } }]);
    expect(stoppedTimes()).toBe(1);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('reports its progress in heartbeats, continues where a killed worker was, and finds the same', async () => {
    const { activity, migration, findings, listed, stoppedTimes } = await bench();
    const killed = mockActivity();
    let beat: unknown;
    killed.on('heartbeat', (details: unknown) => (beat = details));
    migration.source.requests.hook = async ({ name }) => {
      if (!name.startsWith('west/')) return undefined;
      await until('what is in the other container is stored', async () => 'east/events' in (await findings()));
      killed.cancel('TIMED_OUT');
      return undefined;
    };
    await expect(killed.run(activity, input)).rejects.toThrow();
    expect(beat).toEqual({ phase: 'listing containers', claims: 4, containers: 1, of: 2, listed: 3 });
    expect(Object.keys(await findings())).toEqual(['east/events']);
    expect(stoppedTimes()).toBe(1);
    expect(readdirSync(temporary)).toEqual([]);

    migration.source.requests.hook = undefined;
    migration.source.requests.log.length = 0;
    await mockActivity().run(activity, input);
    expect(listed()).toEqual(['west/events/']);
    const undisturbed = await bench();
    await mockActivity().run(undisturbed.activity, input);
    expect(compared(await findings())).toEqual(compared(await undisturbed.findings()));
  });

  test('is tried again where the account may recover, and names the account without a secret', async () => {
    const { activity, migration } = await bench();
    const failure = new Failure('SourceForbidden', 'list: canary is not allowed', { what: 'account west' });
    migration.source.requests.hook = ({ name }) => (name.startsWith('west/') ? { failure } : undefined);
    await expect(mockActivity().run(activity, input)).rejects.toMatchObject({
      ...{ type: 'SourceForbidden', nonRetryable: false },
      message: expect.stringMatching(/^list: \[redacted\] is not allowed/) as string,
    });
  });

  test('does nothing for a root that was superseded', async () => {
    const { activity, listed, findings } = await bench(2);
    await expect(mockActivity().run(activity, input)).rejects.toMatchObject({ type: 'Superseded', nonRetryable: true });
    expect(listed()).toEqual([]);
    expect(await findings()).toEqual({});
  });
});
