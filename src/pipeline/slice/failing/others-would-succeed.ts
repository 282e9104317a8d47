import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Failure } from '../../../domain/failure.js';
import type { SourceBlob } from '../../../domain/manifest.js';
import type { RenderedLookup } from '../../../domain/rendered-find.js';
import { crc32Base64 } from '../../../domain/text/crc32-base64.js';
import type { StagedUnit } from '../../../domain/unit.js';
import { settled } from '../../../flow/settled.js';
import type { MigrationResources } from '../../unit/migration-resources.js';
import { accountName, targetName } from '../slice-job.js';

/** A unit that keeps failing, and its last failure. */
interface FailingUnit {
  readonly resources: MigrationResources;
  readonly unit: StagedUnit;
  readonly failure: Failure;
}

/**
 * Finds out whether the account or target that a failure is about would serve another unit, when no other unit is left
 * to show it: reads another blob of the account, or sends the target a part of an upload that is aborted; a
 * verification, which writes nothing, asks the target for another object. Any trouble is a no, and so is the control
 * bucket. Rejects with the signal's reason once that is aborted.
 */
export async function othersWouldSucceed(failing: FailingUnit, signal: AbortSignal): Promise<boolean> {
  const { row, what } = failing.failure;
  const target = targetName(failing);
  const proof =
    row.scope === 'account'
      ? readAnotherBlob(failing, signal)
      : row.scope === 'target' && (what ?? target) === target
        ? askTarget(failing, signal)
        : Promise.resolve(false);
  const outcome = await settled(proof);
  signal.throwIfAborted();
  return 'value' in outcome && outcome.value;
}

// Large enough to notice a path that lets only small answers through.
const readBytesMax = 1024 * 1024;

/** Reads a blob of the same container that is not the unit's. In a container of its own, the listing is the proof. */
async function readAnotherBlob({ resources, unit, failure }: FailingUnit, signal: AbortSignal): Promise<boolean> {
  const { find, source } = resources;
  const lookups = find
    .lookups(unit)
    .filter(({ account }) => failure.what === undefined || accountName(account) === failure.what);
  const [first] = lookups;
  if (first === undefined) return false;
  const { account, container } = first;
  const own = lookups.filter((lookup) => lookup.account === account && lookup.container === container);
  const blob = await findBlob(resources, { account, container, isOwn: (name) => own.some(finds(name)) }, signal);
  if (blob === undefined) return true;
  let received = 0;
  for await (const piece of source.open(blob, signal)) {
    received += piece.length;
    if (received >= readBytesMax) break;
  }
  return true;
}

/** Finds a blob on the first page of a listing. */
async function findBlob(
  { source }: MigrationResources,
  place: { readonly account: string; readonly container: string; readonly isOwn: (name: string) => boolean },
  signal: AbortSignal,
): Promise<SourceBlob | undefined> {
  const { account, container, isOwn } = place;
  const { blobs } = await source.listPage({ account, container, prefix: '' }, {}, signal);
  const other = blobs.find(({ name, bytes }) => bytes > 0 && !isOwn(name));
  if (other === undefined) return undefined;
  const { name, etag, bytes, md5 } = other;
  return { account, container, name, etag, bytes, md5 };
}

const finds =
  (name: string) =>
  ({ find }: RenderedLookup): boolean =>
    find.kind === 'blob' ? find.name === name : name.startsWith(find.prefix);

async function askTarget(failing: FailingUnit, signal: AbortSignal): Promise<boolean> {
  const { resources, unit } = failing;
  if (resources.record.verify === undefined) return await sendPart(failing, signal);
  await resources.target.head(`${unit.key}.longhaul-probe-${randomUUID()}`, signal);
  return true;
}

/**
 * Sends a part of an upload next to the unit's own object and aborts the upload: no object can appear, whatever the
 * store makes of conditions.
 */
async function sendPart({ resources, unit }: FailingUnit, signal: AbortSignal): Promise<boolean> {
  const { target } = resources;
  const key = `${unit.key}.longhaul-probe-${randomUUID()}`;
  const { uploadId } = await target.createUpload(key, {}, signal);
  try {
    await target.uploadPart({ key, uploadId, number: 1, body: part, crc32: crc32Base64(crc32(part)) }, signal);
    return true;
  } finally {
    await target.abortUpload(key, uploadId, AbortSignal.timeout(tidyPatienceMs));
  }
}

const part = Buffer.from('Longhaul tries whether the target takes anything, and aborts this upload.\n');
const tidyPatienceMs = 10_000;
