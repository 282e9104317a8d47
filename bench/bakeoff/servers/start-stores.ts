import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startSeaweed } from '../../../test/support/servers/local-stores.js';
import { groupVariable, ProcessGroup } from '../measure/process-group.js';

/** What the stores have served since they were started. */
export interface Served {
  readonly lists: number;
  readonly reads: number;
  readonly bytes: number;
  /** Reads of a blob that had been read before, and their bytes. */
  readonly readsAgain: number;
  readonly bytesAgain: number;
  /** All bytes that were sent to the target, including the headers of requests. */
  readonly written: number;
}

/** The stores of one row: a read-only source, and an empty bucket, both behind the same latency. */
export interface Stores {
  /** URL below which each account is a path. */
  readonly azure: string;
  readonly s3: string;
  readonly bucket: string;
  /** For verification: without the latency. */
  readonly client: S3Client;
  readonly environment: Readonly<Record<string, string>>;
  /** Their own processes. */
  readonly group: ProcessGroup;
  served(): Promise<Served>;
  stop(): Promise<void>;
}

/** Any account key will do: the source checks no signature. */
export const accountKey = Buffer.from('the key of every account of the bake-off').toString('base64');

const bucket = 'bake-off';

/** Starts the stores for one row. They are new each time, so that no row finds what another one left. */
export async function startStores(options: {
  readonly blobsPath: string;
  readonly contentsPath: string;
  readonly latencyMs: number;
}): Promise<Stores> {
  const name = `stores of ${String(process.pid)}`;
  const group = new ProcessGroup(name);
  // SeaweedFS takes its environment from that of this process.
  process.env[groupVariable] = name;
  const seaweed = await startSeaweed();
  process.env[groupVariable] = '';
  const { endpoint, region, accessKeyId, secretAccessKey } = seaweed.server;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ region, endpoint, forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const child = fork(
    join(import.meta.dirname, 'serve.mjs'),
    [JSON.stringify({ ...options, s3Port: Number(new URL(endpoint).port) })],
    { env: { ...process.env, [groupVariable]: name } },
  );
  const [addresses] = await once(child, 'message');
  const [azure, s3] = [`http://127.0.0.1:${addresses.azure}`, `http://127.0.0.1:${addresses.s3}`];
  return {
    ...{ azure, s3, bucket, client, group },
    environment: {
      ...{ BENCH_AZURE: azure, BENCH_AZURE_KEY: accountKey, BENCH_S3: s3, BENCH_BUCKET: bucket },
      ...{ AWS_REGION: region, AWS_DEFAULT_REGION: region },
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    },
    async served() {
      const answered = once(child, 'message');
      child.send('served');
      const [{ served }] = await answered;
      return served;
    },
    async stop() {
      client.destroy();
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await seaweed.stop();
    },
  };
}
