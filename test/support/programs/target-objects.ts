import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/** One target object, read back and unpacked by Node's own gunzip. */
export interface TargetObject {
  readonly key: string;
  readonly etag: string;
  readonly sha256: string;
  readonly rawBytes: number;
}

/** Lists all keys below a prefix, ordered by bytes. */
export async function listKeys(s3: S3Client, bucket: string, prefix = ''): Promise<readonly string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys.sort();
}

/** Opens one object. */
export async function openObject(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<{ readonly body: Readable; readonly etag: string }> {
  const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!(Body instanceof Readable) || ETag === undefined) throw new Error(`${key} has no body or no ETag`);
  return { body: Body, etag: ETag };
}

/** Reads one whole object. */
export async function readObject(
  s3: S3Client,
  bucket: string,
  key: string,
): Promise<{ readonly bytes: Buffer; readonly etag: string }> {
  const { body, etag } = await openObject(s3, bucket, key);
  return { bytes: await buffer(body), etag };
}

/** Reads all objects below a prefix, of any size, and digests their unpacked bytes. */
export async function readObjects(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<ReadonlyMap<string, TargetObject>> {
  const objects = new Map<string, TargetObject>();
  for (const key of await listKeys(s3, bucket, prefix)) {
    const { body, etag } = await openObject(s3, bucket, key);
    const digest = createHash('sha256');
    let rawBytes = 0;
    await pipeline(body, createGunzip(), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        digest.update(piece);
        rawBytes += piece.length;
      }
    });
    objects.set(key, { key, etag, sha256: digest.digest('hex'), rawBytes });
  }
  return objects;
}

/** Reads every receipt in the ledgers of a round without our code: gunzip, then one JSON document per line. */
export async function readReceipts(
  s3: S3Client,
  bucket: string,
  name: string,
  round = 0,
): Promise<readonly Record<string, unknown>[]> {
  const receipts: Record<string, unknown>[] = [];
  for (const key of await listKeys(s3, bucket, `.longhaul/${name}/r${String(round).padStart(4, '0')}/ledger/`)) {
    const { bytes } = await readObject(s3, bucket, key);
    for (const line of gunzipSync(bytes).toString('utf8').split('\n')) {
      if (line === '') continue;
      const record = JSON.parse(line) as Record<string, unknown>;
      if (record['type'] === 'receipt') receipts.push(record);
    }
  }
  return receipts;
}
