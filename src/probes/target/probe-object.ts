import { crc32 } from 'node:zlib';
import { crc32Base64 } from '../../domain/text/crc32-base64.js';
import { Failure } from '../../domain/failure.js';
import { tryAgain } from '../../flow/try-again.js';
import type { ObjectTarget, TargetHead } from '../../pipeline/publish/object-target.js';
import type { ProbeFinding } from '../run-probe.js';

/**
 * Checks that a HEAD of a key that is not there says so. Without the permission to list the bucket, AWS answers 403:
 * then an absent object would look like one that may not be read.
 */
export async function probeAbsentKey(target: ObjectTarget, key: string, signal: AbortSignal): Promise<void> {
  const head = await tryAgain(() => target.head(key, signal), signal);
  if (head === undefined) return;
  throw new Failure('TargetCapability', `the store shows an object under ${key}, where there is none`);
}

/** Checks that an object keeps its metadata and its length, which is how Longhaul knows its own. */
export async function probeMetadata(target: ObjectTarget, key: string, signal: AbortSignal): Promise<ProbeFinding> {
  const { bytes, crc32: sum, metadata } = await putAndLook(target, key, signal);
  if (bytes !== body.length) throw new Failure('TargetCapability', `an object of ${lengths(bytes)} bytes by HEAD`);
  const lost = Object.entries(sentMetadata).find(([name, value]) => metadata[name] !== value);
  if (lost !== undefined)
    throw new Failure(
      'TargetCapability',
      `the store does not keep the metadata ${lost[0]} of an object as it was sent`,
    );
  if (sum !== undefined && sum !== bodySum)
    throw new Failure('TargetCapability', 'the store reports another CRC-32 for an object than it was sent');
  const kept = sum === undefined ? '; it does not report their CRC-32' : ' and their CRC-32';
  return { message: `objects keep their metadata${kept}` };
}

/** Checks that an object is read as it was written. */
export async function probeReadBack(target: ObjectTarget, key: string, signal: AbortSignal): Promise<void> {
  const { etag } = await putAndLook(target, key, signal);
  const read = await tryAgain(async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of target.get(key, etag, signal)) pieces.push(piece);
    return Buffer.concat(pieces);
  }, signal);
  if (Buffer.compare(read, body) !== 0)
    throw new Failure('TargetCapability', 'the store returns other bytes than it was sent');
}

const body = Buffer.from('Longhaul probes objects with this one and deletes it again.\n'.repeat(50));
const bodySum = crc32Base64(crc32(body));
const sentMetadata = { 'longhaul-probe': 'Aa0 -_./:=+', 'longhaul-sha256': '0123456789abcdef' };

const lengths = (bytes: number): string => `${String(body.length)} bytes has ${String(bytes)}`;

async function putAndLook(target: ObjectTarget, key: string, signal: AbortSignal): Promise<TargetHead> {
  const put = { key, body, crc32: bodySum, metadata: sentMetadata, condition: { kind: 'absent' } } as const;
  // Whatever the answer says, a HEAD shows what is there.
  await tryAgain(() => target.put(put, signal), signal);
  const head = await tryAgain(() => target.head(key, signal), signal);
  if (head === undefined) throw new Failure('TargetCapability', 'the store does not show an object just written');
  return head;
}
