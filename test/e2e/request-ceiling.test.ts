import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { recentPollers } from '../../src/recent-pollers.js';
import { controlTaskQueue, partitionWorkflowId } from '../../src/domain/ids.js';
import { azureService, s3Client } from '../support/migrations/generated-migration.js';
import { startLonghaul } from '../support/programs/longhaul-program.js';
import { scrape } from '../support/programs/scrape.js';
import { freePortBase } from '../support/servers/free-port-base.js';
import { startProxiedStores, type ProxiedStores } from '../support/servers/proxied-stores.js';
import { until } from '../support/until.js';

const workerProgram = new URL('../../dist/worker.js', import.meta.url).pathname;
const taskQueue = 'ceiling';
// Far below what one process can do even on a busy machine, so that the ceiling decides how fast they are.
const requestsPerSecond = 4;
// Eight slices. A process works on four at a time, so each of the two gets half of them.
const units = 64;
// Long enough that a pause of a second, of the proxy or of the machine, cannot look like a higher rate.
const windowMs = 5_000;
// What a process allows itself until it knows how many there are: it assumes 32.
const shareOfUncounted = requestsPerSecond / 32;
const ids = Array.from({ length: units }, (_unused, unit) => `u${String(unit)}`);

describe('two workers under one ceiling of requests', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  const environment = { ...stack.environment, LONGHAUL_TASK_QUEUE: taskQueue };
  const namespace = stack.environment['TEMPORAL_NAMESPACE'] ?? '';
  let stores: ProxiedStores;
  let connection: Connection;
  let migrationPath: string;

  beforeAll(async () => {
    stores = await startProxiedStores(stack);
    connection = await Connection.connect({ address: stack.environment['TEMPORAL_ADDRESS'] ?? '' });
    await s3.send(new CreateBucketCommand({ Bucket: 'ceiling-bucket' }));
    const container = azureService(stack, 'prodeast').getContainerClient('ceiling-events');
    await container.createIfNotExists();
    const limit = pLimit(8);
    await limit.map(ids, (id) => container.getBlockBlobClient(`${id}/1.txt`).uploadData(Buffer.from(`${id}\n`)));
    migrationPath = await writeMigration();
  });
  afterAll(async () => {
    await connection.close();
    await stores.close();
    s3.destroy();
  });

  it('stay below it together, each with its share, over the whole run', async () => {
    const base = await freePortBase();
    const metrics = [base, base + 1].map((port) => `127.0.0.1:${String(port)}`);
    const workers = metrics.map((address) =>
      execa(process.execPath, [workerProgram, '--processes', '1'], {
        env: { ...environment, LONGHAUL_METRICS: address },
        stdin: 'ignore',
        reject: false,
      }),
    );
    try {
      const queue = { namespace, taskQueue: controlTaskQueue(taskQueue) };
      await until('both workers are there', async () => (await recentPollers(connection, queue)).length === 2);
      const started = startLonghaul(['start', migrationPath, '--watch'], environment);
      let shares: readonly number[] = [];
      await until('both have counted the workers', async () => {
        shares = await sharesOf(metrics);
        return shares.length === 2 && Math.min(...shares) > shareOfUncounted;
      });
      expect(shares).toEqual([requestsPerSecond / 2, requestsPerSecond / 2]);
      const run = await started;
      expect(run.exitCode, run.stderr).toBe(0);
    } finally {
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(workers);
    }

    expect((await moversOf()).size, 'both have moved slices').toBe(2);
    const arrivals = stores.requests.flatMap(({ kind, arrivedMs }) =>
      kind === 'read blob' || kind === 'list blobs' ? [arrivedMs] : [],
    );
    expect(arrivals.length).toBeGreaterThan(units);
    // Were each process to use the whole ceiling, there would be twice as many.
    const allowed = (requestsPerSecond * windowMs) / 1_000;
    expect(busiest(arrivals, windowMs)).toBeLessThan(1.5 * allowed);
  });

  /** The requests per second that each worker allows itself, as far as workers report it. */
  async function sharesOf(addresses: readonly string[]): Promise<readonly number[]> {
    const series = await Promise.all(addresses.map(scrape));
    return series
      .flat()
      .flatMap(({ name, value }) => (name === 'longhaul_request_rate_limit' && value > 0 ? [value] : []));
  }

  /** Returns the most arrivals within any period of this length. */
  function busiest(arrivals: readonly number[], withinMs: number): number {
    const sorted = [...arrivals].sort((one, other) => one - other);
    let first = 0;
    return Math.max(
      ...sorted.map((arrivedMs, last) => {
        while (arrivedMs - (sorted[first] ?? arrivedMs) > withinMs) first += 1;
        return last - first + 1;
      }),
    );
  }

  /** The processes that a slice was given to. */
  async function moversOf(): Promise<ReadonlySet<string>> {
    const identities = new Set<string>();
    for (const partition of [0, 1]) {
      const handle = new Client({ connection, namespace }).workflow.getHandle(
        partitionWorkflowId('ceiling', 0, partition),
      );
      for (const { activityTaskStartedEventAttributes: started } of (await handle.fetchHistory()).events ?? [])
        if (started != null) identities.add(started.identity ?? '');
    }
    return identities;
  }

  async function writeMigration(): Promise<string> {
    const directory = await mkdtemp(join(stack.stateDir, 'ceiling-'));
    const path = join(directory, 'migration.yaml');
    await writeFile(join(directory, 'units.csv'), `tenant\n${ids.join('\n')}\n`);
    await writeFile(
      path,
      `version: 1
name: ceiling
units: { from: units.csv }
accounts:
  east:
    endpoint: ${stores.endpoints.azure}/prodeast
    credential: prodeast-key
    requestsPerSecond: ${String(requestsPerSecond)}
find: [{ account: east, container: ceiling-events, prefix: "{{ tenant }}/" }]
transform: { decompress: none }
target:
  bucket: ceiling-bucket
  key: "{{ unit.id }}.gz"
  endpoint: ${stack.s3Endpoint}
  region: us-east-1
  forcePathStyle: true
`,
    );
    return path;
  }
});
