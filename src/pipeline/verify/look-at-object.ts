import { tryAgain } from '../../flow/try-again.js';
import type { ObjectTarget, TargetHead } from '../publish/object-target.js';
import { readBack } from '../publish/read-back.js';
import { compareObject, isOfBytes, type ObjectDifference, type WrittenUnit } from './compare-object.js';

/** What was seen of an object. */
export interface SeenObject {
  /** Undefined if there is no object. */
  readonly head: TargetHead | undefined;
  /** The most serious first. */
  readonly differences: readonly ObjectDifference[];
  /** Whether it was read back and unpacked. */
  readonly readBack: boolean;
}

/**
 * Looks at an object with a HEAD, asks for its tags where it should have some, and reads it back if that is wanted. An
 * object in an archive, or one that a HEAD shows to be another, is not read back.
 */
export async function lookAtObject(
  target: Pick<ObjectTarget, 'head' | 'tags' | 'get'>,
  written: WrittenUnit & { readonly key: string },
  signal: AbortSignal,
): Promise<SeenObject> {
  const { key, settings, expected } = written;
  const head = await tryAgain(() => target.head(key, signal), signal);
  const hasTags = settings.some(({ tags }) => Object.keys(tags).length > 0);
  const tags = head !== undefined && hasTags ? await tryAgain(() => target.tags(key, signal), signal) : undefined;
  const differences = compareObject(written, head, tags);
  const isWanted = expected.readBack === true && head !== undefined && head.isArchived !== true;
  if (!isWanted || differences.some(isOfBytes)) return { head, differences, readBack: false };
  const content = await compareContent(target, { ...written, etag: head.etag }, signal);
  return { head, differences: [...content, ...differences], readBack: true };
}

/** Reads the object back. Fails with `TargetRace` if it was replaced in the meantime. */
async function compareContent(
  target: Pick<ObjectTarget, 'get'>,
  { key, etag, settings, previous, expected }: WrittenUnit & { readonly key: string; readonly etag: string },
  signal: AbortSignal,
): Promise<readonly ObjectDifference[]> {
  const compress = settings.at(-1)?.compress ?? 'gzip';
  const found = await tryAgain(() => readBack(target, { key, etag, compress }, signal), signal);
  const text = found === undefined ? 'it cannot be unpacked' : contentText(found, previous, expected);
  return text === undefined ? [] : [{ class: 'VerifyMismatch/Content', text }];
}

function contentText(
  { object, raw }: NonNullable<Awaited<ReturnType<typeof readBack>>>,
  previous: WrittenUnit['previous'],
  { bytes, checksum }: WrittenUnit['expected'],
): string | undefined {
  if (object.bytes !== bytes) return `reading it back gives ${String(object.bytes)} bytes, not ${String(bytes)}`;
  if (raw.sha256 !== previous.sha256 || raw.bytes !== previous.rawBytes)
    return `it unpacks to ${String(raw.bytes)} bytes with the SHA-256 ${raw.sha256}, not ${previous.sha256}`;
  if (raw.crc32 !== previous.crc32) return `it unpacks to bytes with the CRC-32 ${raw.crc32}, not ${previous.crc32}`;
  if (checksum !== null && object.crc32 !== checksum)
    return `reading it back gives bytes with the CRC-32 ${object.crc32}, not ${checksum}`;
  return undefined;
}
