import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { WorkUnit } from './data/work-list.js';

/** What was found under a key, or undefined for nothing. */
export type ReadObject = (key: string) => Promise<Buffer | undefined>;

/** A difference between a bucket and what must be in it. */
export interface Difference {
  readonly key: string;
  readonly what: 'missing' | 'wrong' | 'additional';
}

const readsInFlight = 8;
const unpack = promisify(gunzip);

/** Compares each unit's object, unpacked, with the raw bytes of its blobs in their order. */
export async function verifyUnits(
  units: readonly WorkUnit[],
  raw: readonly Buffer[],
  read: ReadObject,
): Promise<readonly Difference[]> {
  return await differences(
    units,
    ({ targetKey }) => targetKey,
    read,
    async (unit, object) => {
      const unpacked = await unpackedOrDamaged(object);
      return (
        unpacked !== undefined &&
        isRow(
          unpacked,
          unit.blobs.map(({ content }) => raw[content]!),
        )
      );
    },
  );
}

/** Returns what an object unpacks to, or undefined if it is not a whole gzip file. */
async function unpackedOrDamaged(object: Buffer): Promise<Buffer | undefined> {
  try {
    return await unpack(object);
  } catch (error) {
    // One of zlib's own errors: the object is damaged or truncated.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) return undefined;
    throw error;
  }
}

/** Compares each copied blob with its source. */
export async function verifyCopies(
  units: readonly WorkUnit[],
  compressed: readonly Buffer[],
  read: ReadObject,
): Promise<readonly Difference[]> {
  const blobs = units.flatMap((unit) => unit.blobs);
  const keyOf = ({ region, container, name }: (typeof blobs)[number]): string => `${region}-${container}/${name}`;
  return await differences(blobs, keyOf, read, async (blob, copy) => copy.equals(compressed[blob.content]!));
}

async function differences<T>(
  all: readonly T[],
  keyOf: (each: T) => string,
  read: ReadObject,
  isRight: (each: T, found: Buffer) => Promise<boolean>,
): Promise<readonly Difference[]> {
  const limit = pLimit(readsInFlight);
  const found = await limit.map(all, async (each): Promise<Difference | undefined> => {
    const key = keyOf(each);
    const bytes = await read(key);
    if (bytes === undefined) return { key, what: 'missing' };
    return (await isRight(each, bytes)) ? undefined : { key, what: 'wrong' };
  });
  return found.filter((difference) => difference !== undefined);
}

/** Reports whether bytes are exactly these pieces, one after the other. */
function isRow(bytes: Buffer, pieces: readonly Buffer[]): boolean {
  let at = 0;
  for (const piece of pieces) {
    if (bytes.length < at + piece.length || piece.compare(bytes, at, at + piece.length) !== 0) return false;
    at += piece.length;
  }
  return at === bytes.length;
}

/** Lists the keys of a bucket that are not among these, except those below Longhaul's control prefix. */
export async function additionalKeys(
  client: S3Client,
  bucket: string,
  expected: ReadonlySet<string>,
): Promise<readonly Difference[]> {
  const additional: Difference[] = [];
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
    for (const { Key: key = '' } of page.Contents ?? [])
      if (!expected.has(key) && !key.startsWith('.longhaul/')) additional.push({ key, what: 'additional' });
    token = page.NextContinuationToken;
  }
  return additional;
}

/** Returns a function that reads objects of a bucket. */
export function objectReader(client: S3Client, bucket: string): ReadObject {
  return async (key) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body && Buffer.from(await Body.transformToByteArray());
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  };
}
