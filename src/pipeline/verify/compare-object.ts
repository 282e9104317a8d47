import type { FailureClass } from '../../domain/failure-classes.js';
import type { RoundSettings } from '../../domain/stored/verification-records.js';
import type { ExpectedObject, PreviousObject } from '../../domain/unit.js';
import { writtenByMetadata, type ObjectIdentity } from '../publish/object-identity.js';
import type { TargetHead } from '../publish/object-target.js';

/** What a receipt, and the settings of its round, say about an object. */
export interface WrittenUnit {
  /** Whose object it is; its manifest is that of `previous`. */
  readonly identity: ObjectIdentity;
  readonly previous: PreviousObject;
  readonly expected: ExpectedObject;
  /** What it may have been made with: one entry, or several where an earlier round may have made it. */
  readonly settings: readonly RoundSettings[];
}

/** Something about an object that is not as it was written. */
export interface ObjectDifference {
  readonly class: Extract<FailureClass, `VerifyMismatch/${string}`>;
  /** As in `it has 5 bytes, not 7`. */
  readonly text: string;
}

/**
 * Compares what a store says about an object with what was written; `tags` is undefined where they were not asked for.
 * Returns the differences, the most serious first.
 */
export function compareObject(
  written: WrittenUnit,
  head: TargetHead | undefined,
  tags: Readonly<Record<string, string>> | undefined,
): readonly ObjectDifference[] {
  if (head === undefined) return [{ class: 'VerifyMismatch/Missing', text: 'there is no object' }];
  if (!isOwn(written, head))
    return [{ class: 'VerifyMismatch/Foreign', text: `it is not of this migration (ETag ${head.etag})` }];
  return [
    ...compareBytes(written, head),
    ...compareMetadata(written, head),
    ...(tags === undefined ? [] : compareTags(written.settings, tags)),
    ...compareStorageClass(written.settings, head),
  ];
}

/** Reports whether a difference says that the bytes are not, or may not be, those that were written. */
export function isOfBytes(difference: ObjectDifference): boolean {
  return !['VerifyMismatch/Metadata', 'VerifyMismatch/Tags', 'VerifyMismatch/StorageClass'].includes(difference.class);
}

/** An object is ours if it says so, or if it is, by its ETag, the very one of the receipt. */
function isOwn({ identity, previous, expected }: WrittenUnit, { etag, metadata }: TargetHead): boolean {
  if (etag === previous.etag) return true;
  if (metadata['longhaul-migration'] !== identity.migration || metadata['longhaul-unit'] !== identity.unit)
    return false;
  // A migration of the same name that is gone may have made an object that was found.
  return expected.wasFound === true || metadata['longhaul-id'] === identity.id;
}

function compareBytes({ previous, expected }: WrittenUnit, head: TargetHead): readonly ObjectDifference[] {
  const { bytes, checksum } = expected;
  const differences: ObjectDifference[] = [];
  if (head.bytes !== bytes)
    differences.push({
      class: 'VerifyMismatch/Size',
      text: `it has ${String(head.bytes)} bytes, not ${String(bytes)}`,
    });
  if (checksum !== null && head.crc32 !== undefined && head.crc32 !== checksum)
    differences.push({ class: 'VerifyMismatch/Checksum', text: `its CRC-32 is ${head.crc32}, not ${checksum}` });
  if (head.etag !== previous.etag)
    differences.push({ class: 'VerifyMismatch/Etag', text: `its ETag is ${head.etag}, not ${previous.etag}` });
  return differences;
}

function compareMetadata(written: WrittenUnit, head: TargetHead): readonly ObjectDifference[] {
  const texts = written.settings.map((settings) => metadataText(written, settings, head));
  const text = texts.includes(undefined) ? undefined : texts.at(-1);
  return text === undefined ? [] : [{ class: 'VerifyMismatch/Metadata', text }];
}

/** Names the first few things that differ; undefined if nothing does. */
function metadataText(written: WrittenUnit, settings: RoundSettings, head: TargetHead): string | undefined {
  const own = ownMetadata(written);
  const wanted = { ...lowerCased(settings.metadata), ...own };
  const named = Object.entries(head.metadata).filter(([name]) => !isOfBytesSums(name));
  const differing = differences(wanted, Object.fromEntries(named), 'metadata ');
  if (written.expected.wasFound === true) differing.delete('longhaul-id');
  const sums = writtenByMetadata(head)?.raw;
  if (sums !== undefined && sums.sha256 !== written.previous.sha256)
    differing.set('longhaul-sha256', `metadata longhaul-sha256 is ${sums.sha256}, not ${written.previous.sha256}`);
  for (const [name, is, wants] of [
    ['content type', head.contentType, settings.contentType],
    ['content encoding', head.contentEncoding, settings.contentEncoding],
  ] as const) {
    // A store says at least the type. Some count the chunks of an upload as an encoding.
    if (head.contentType === undefined || withoutChunks(is) === wants) continue;
    differing.set(name, `${name} is ${is ?? 'not set'}, not ${wants ?? 'unset'}`);
  }
  return differing.size === 0 ? undefined : [...differing.values()].slice(0, namedMax).join('; ');
}

const namedMax = 5;

function withoutChunks(encoding: string | undefined): string | undefined {
  const kept = encoding?.split(',').filter((each) => each.trim() !== 'aws-chunked');
  return kept === undefined || kept.length === 0 ? undefined : kept.join(',');
}

function ownMetadata({ identity, previous }: WrittenUnit): Readonly<Record<string, string>> {
  return {
    'longhaul-migration': identity.migration,
    ...(identity.id === undefined ? {} : { 'longhaul-id': identity.id }),
    'longhaul-unit': identity.unit,
    'longhaul-manifest': previous.manifest,
  };
}

/** Only the object of a single put has these, which its receipt does not say. */
function isOfBytesSums(name: string): boolean {
  return /^longhaul-(sha256|crc32|bytes|object-crc32|object-bytes)$/.test(name);
}

function compareTags(
  settings: readonly RoundSettings[],
  tags: Readonly<Record<string, string>>,
): readonly ObjectDifference[] {
  const each = settings.map((one) => differences(one.tags, tags, 'tag '));
  const differing = each.some(({ size }) => size === 0) ? undefined : each.at(-1);
  if (differing === undefined) return [];
  return [{ class: 'VerifyMismatch/Tags', text: [...differing.values()].slice(0, namedMax).join('; ') }];
}

// The classes that objects of an ordinary, a directory and an Outposts bucket get by default.
const defaultClasses: ReadonlySet<string> = new Set(['STANDARD', 'EXPRESS_ONEZONE', 'OUTPOSTS']);

function compareStorageClass(settings: readonly RoundSettings[], head: TargetHead): readonly ObjectDifference[] {
  const { storageClass: is = 'STANDARD' } = head;
  const isWanted = settings.some(({ storageClass }) =>
    storageClass === undefined ? defaultClasses.has(is) : storageClass === is,
  );
  if (isWanted) return [];
  const wanted = settings.at(-1)?.storageClass ?? 'STANDARD';
  return [{ class: 'VerifyMismatch/StorageClass', text: `its storage class is ${is}, not ${wanted}` }];
}

function differences(
  wanted: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
  kind: string,
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    const [wants, is] = [wanted[name], found[name]];
    if (wants?.trim() === is?.trim()) continue;
    const was = wants === undefined ? 'was added' : is === undefined ? 'is gone' : `is ${is}, not ${wants}`;
    texts.set(name, `${kind}${name} ${was}`);
  }
  return texts;
}

function lowerCased(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
}
