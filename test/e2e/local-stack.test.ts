import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { Client, Connection } from '@temporalio/client';
import envPaths from 'env-paths';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive, processIdentity } from '../../src/local/processes/process-identity.js';
import { stackDown } from '../../src/local/stack-down.js';
import type { StackDescription } from '../../src/local/state/stack-description.js';
import type { StackOptions, StackProbes } from '../../src/local/stack-options.js';
import type { PartName } from '../../src/local/state/stack-state.js';
import { stackStatus } from '../../src/local/stack-status.js';
import { stackUp, type StackUp } from '../../src/local/stack-up.js';
import { freePortBase } from '../support/servers/free-port-base.js';

describe('the local stack, with its real programs', () => {
  let stateDir: string;
  let options: StackOptions;
  let up: StackUp;
  const lines: string[] = [];

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'longhaul-stack-'));
    options = {
      stateDir,
      cacheDir: envPaths('longhaul', { suffix: '' }).cache,
      portBase: await freePortBase(),
      stores: true,
      programs: { temporal: process.env['LONGHAUL_TEMPORAL_CLI'], weed: process.env['LONGHAUL_WEED'] },
      workerProgram: { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] },
      baseEnv: process.env,
      probes,
      progress: (line) => void lines.push(line),
      signal: new AbortController().signal,
    };
    up = await stackUp(options);
  }, 300_000);

  afterAll(async () => {
    await stackDown({ stateDir, wipe: true });
    await rm(stateDir, { recursive: true, force: true });
  });

  test('starts every part and keeps its secrets from other users', async () => {
    expect(up.changes).toEqual({ temporal: 'started', azurite: 'started', s3: 'started', workers: 'started' });
    expect(up.parts.map(({ name, alive }) => [name, alive])).toEqual(everyPart.map((name) => [name, true]));
    for (const name of ['stack.json', 's3.json']) {
      expect((await stat(join(stateDir, name))).mode & 0o777, name).toBe(0o600);
    }
  });

  test('a second up attaches: nothing is started, and every process is the same', async () => {
    const again = await stackUp(options);
    expect(again.changes).toEqual({ temporal: 'kept', azurite: 'kept', s3: 'kept', workers: 'kept' });
    expect(pidsOf(again)).toEqual(pidsOf(up));
  });

  test('another stack on the same ports is refused, naming port, part and way out', async () => {
    const other = await mkdtemp(join(tmpdir(), 'longhaul-stack-'));
    try {
      const refused = await stackUp({ ...options, stateDir: other }).then(
        () => 'started',
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({
        kind: 'usage',
        message: `Port ${options.portBase}, needed for Temporal, cannot be used: another program listens on it`,
        next: expect.stringContaining('--port-base'),
      });
    } finally {
      await rm(other, { recursive: true });
    }
  });

  test('each part that was killed is named and restarted alone, with what it held', async () => {
    const held = await putSomethingEverywhere(up);
    // Azurite writes its tables when it is asked to end. A kill loses only what came within the last 5 s.
    const ended = await stackDown({ stateDir, wipe: false, only: ['azurite'] });
    expect(ended.ended.map(({ name, how }) => [name, how])).toEqual([['azurite', 'ended']]);
    let before = await stackUp(options);
    for (const name of everyPart) {
      const killed = before.parts.find((part) => part.name === name)!;
      await killHard(killed.pid!);
      lines.length = 0;
      const after = await stackUp(options);
      expect(after.changes, name).toEqual({ ...allKept, [name]: 'restarted' });
      expect(lines.join('\n')).toContain(`process ${killed.pid} had ended; starting it again`);
      const others = everyPart.filter((each) => each !== name);
      expect(others.map((each) => pidsOf(after)[each])).toEqual(others.map((each) => pidsOf(before)[each]));
      await held();
      before = after;
    }
  });

  test('each request to Azurite is one line of the access log, with its method and path', async () => {
    const log = await readFile(join(stateDir, 'logs', 'azurite-access.log'), 'utf8');
    expect(log).toMatch(/"GET \/prodwest\/held\/blob HTTP\/1\.1" 20[06] \d+$/m);
  });

  test('down ends what up started and no other process; wipe leaves only what a user put there', async () => {
    const [first] = up.parts;
    // A record whose process id now belongs to a process of ours: this very one.
    const file = join(stateDir, 'stack.json');
    const now = (await stackStatus({ stateDir }))!;
    const text = await readFile(file, 'utf8');
    const workersPid = pidsOf(now).workers!;
    const workers = { pid: workersPid, identity: processIdentity(workersPid)! };
    await writeFile(file, text.replace(`"pid": ${workersPid}`, `"pid": ${process.pid}`));
    const down = await stackDown({ stateDir, wipe: false });
    expect(Object.fromEntries(down.ended.map(({ name, how }) => [name, how]))).toMatchObject({
      workers: 'was-not-running',
      azurite: 'ended',
      temporal: 'ended',
    });
    expect(isAlive(workers)).toBe(true);
    process.kill(workers.pid, 'SIGKILL');
    const after = (await stackStatus({ stateDir }))!;
    expect(after.parts.every(({ alive, pid }) => !alive && pid === null)).toBe(true);
    expect(first?.port).toBe(options.portBase);

    await writeFile(join(stateDir, 'migration.yaml'), 'mine');
    expect(await stackDown({ stateDir, wipe: true })).toEqual({ ended: [], wiped: true });
    expect(await stackStatus({ stateDir })).toBeUndefined();
    expect(await readFile(join(stateDir, 'migration.yaml'), 'utf8')).toBe('mine');
  });
});

const everyPart: readonly PartName[] = ['temporal', 'azurite', 's3', 'workers'];
const allKept = { temporal: 'kept', azurite: 'kept', s3: 'kept', workers: 'kept' };

const probes: StackProbes = {
  temporal: async ({ address, namespace }) => {
    const connection = await Connection.connect({ address });
    try {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      expect(Object.keys(customAttributes)).toContain('LonghaulFailed');
    } finally {
      await connection.close();
    }
  },
  azure: async (account) => {
    const container = blobs(account).getContainerClient('probe');
    await container.createIfNotExists();
    await container.getBlockBlobClient('probe').upload('x', 1);
    expect((await container.getBlobClient('probe').downloadToBuffer()).toString()).toBe('x');
  },
  s3: async (target) => {
    const client = s3Client(target);
    await client.send(new HeadBucketCommand({ Bucket: 'probe' })).catch(async () => {
      await client.send(new CreateBucketCommand({ Bucket: 'probe' }));
    });
    await client.send(new PutObjectCommand({ Bucket: 'probe', Key: 'probe', Body: 'x' }));
    expect(await readObject(client, 'probe')).toBe('x');
  },
  workers: async () => undefined,
};

/** Writes a blob, an object and a workflow. Returns a check that all are still there. */
async function putSomethingEverywhere(stack: StackDescription): Promise<() => Promise<void>> {
  const { azure, s3 } = stack.stores!;
  const container = blobs(azure[1]!).getContainerClient('held');
  const client = s3Client(s3);
  await container.create();
  await container.getBlockBlobClient('blob').upload('held blob', 9);
  await client.send(new PutObjectCommand({ Bucket: 'probe', Key: 'held', Body: 'held object' }));
  const { address } = stack.temporal;
  const runId = await withTemporal(address, async (client) => {
    const attributes = { LonghaulPhase: ['running'], LonghaulTotal: [7] };
    const options = { taskQueue: 'nobody', workflowId: 'held', searchAttributes: attributes };
    return (await client.workflow.start('held', options)).firstExecutionRunId;
  });
  return async () => {
    expect((await container.getBlobClient('blob').downloadToBuffer()).toString()).toBe('held blob');
    expect(await readObject(client, 'held')).toBe('held object');
    await withTemporal(address, async (client) => {
      expect(await client.workflow.getHandle('held').describe()).toMatchObject({
        runId,
        status: { name: 'RUNNING' },
        searchAttributes: { LonghaulPhase: ['running'], LonghaulTotal: [7] },
      });
      const { config } = await client.workflowService.describeNamespace({ namespace: 'default' });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 86_400);
    });
  };
}

async function withTemporal<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

function blobs({ name, key, endpoint }: { name: string; key: string; endpoint: string }): BlobServiceClient {
  return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(name, key), { retryOptions: { maxTries: 1 } });
}

function s3Client(target: {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = target;
  return new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, forcePathStyle: true });
}

async function readObject(client: S3Client, key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'probe', Key: key }));
  return Body!.transformToString();
}

function pidsOf(stack: StackDescription): Partial<Record<PartName, number | null>> {
  return Object.fromEntries(stack.parts.map(({ name, pid }) => [name, pid]));
}

/** Kills a process and waits until it is gone. */
async function killHard(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => processIdentity(pid), { timeout: 10_000, interval: 10 }).toBeUndefined();
}
