import type { S3Client } from '@aws-sdk/client-s3';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '../../sdk/aws-s3.js';
import { randomUUID } from 'node:crypto';
import { Failure } from '../../../domain/failure.js';
import { Secret } from '../../../domain/text/secret.js';
import { ensureBucket } from './check-target-bucket.js';
import { S3Session } from '../s3-client.js';
import { isAbsent } from '../answers/s3-error.js';
import { s3Failure } from '../answers/s3-failure.js';

/** An S3 server of the local stack. */
export interface LocalS3Server {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

// A bucket of its own, so that nothing of a migration is touched. It is kept: a server that was started again can
// read old objects later than new ones.
const Bucket = 'longhaul-ready';
const timeoutMs = 10_000;

/**
 * Proves that an S3 server works: reads an old object, then writes, reads and deletes a new one. A server may answer
 * requests long before it can do that.
 */
export async function probeS3(server: LocalS3Server, signal: AbortSignal): Promise<void> {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const connection = { endpoint, region, forcePathStyle: true };
  const keys = { accessKeyId, secretAccessKey: new Secret(secretAccessKey) };
  await ensureBucket({ connection, bucket: Bucket, keys, allowInsecureEndpoints: true, timeoutMs }, signal);
  const session = new S3Session({ connection, keys, allowInsecureEndpoints: true, owner: 'the S3 server' });
  try {
    await prove(new Proof(session, signal));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw s3Failure(error, { doing: 'write, read and delete a proof', bucket: Bucket });
  } finally {
    session.close();
  }
}

async function prove(proof: Proof): Promise<void> {
  const kept = 'kept';
  if ((await proof.get(kept)) === undefined) await proof.put(kept, kept);
  const fresh = `fresh-${randomUUID()}`;
  await proof.put(fresh, fresh);
  if ((await proof.get(fresh)) !== fresh || (await proof.get(kept)) !== kept)
    throw new Failure('TargetNetwork', 'the S3 server returned other bytes than were written');
  await proof.delete(fresh);
}

class Proof {
  readonly #send;

  constructor(session: S3Session, signal: AbortSignal) {
    this.#send = <T>(call: (client: S3Client, signal: AbortSignal) => Promise<T>) =>
      session.send(call, { signal, timeoutMs });
  }

  async put(Key: string, Body: string): Promise<void> {
    await this.#send((client, abortSignal) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body }), { abortSignal }),
    );
  }

  async get(Key: string): Promise<string | undefined> {
    try {
      return await this.#send(async (client, abortSignal) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
        return await Body?.transformToString();
      });
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async delete(Key: string): Promise<void> {
    await this.#send((client, abortSignal) => client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal }));
  }
}
