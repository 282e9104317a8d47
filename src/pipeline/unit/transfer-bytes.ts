import type { TransformDefinition } from '../../domain/definition.js';
import { listedBytes, type Manifest } from '../../domain/manifest.js';
import { cutParts } from '../pack/cut-parts.js';
import type { StageClock } from '../../flow/stage-clock.js';
import { deliverInOrder, fetchedWholeMaxBytes, type DeliveredBlob } from '../source/deliver-in-order.js';
import { storeFindings } from '../../control/stored-findings.js';
import { gzipSegments } from '../pack/gzip-segments.js';
import type { PublishedObject } from '../publish/publish-request.js';
import { publishObject } from '../publish/publish-object.js';
import type { ObjectIdentity } from '../publish/object-identity.js';
import type { WriteCondition } from '../publish/object-target.js';
import { encoderName } from '../pack/pack-segment.js';
import { plainSegments } from '../pack/plain-segments.js';
import { rawBeginning, rawBytes, RawPositions } from '../join/raw-bytes.js';
import { RawDigest } from '../pack/raw-digest.js';
import type { NotedJob } from './unit-job.js';
import { readCheckpoint, type FoundCheckpoint } from '../../control/checkpoint.js';
import { controlRound } from '../../control/control-prefix.js';
import { isResumable } from '../publish/resumable-upload.js';
import { DigestNotResumable } from '../publish/multipart-upload.js';

/**
 * Returns from how many listed bytes on a unit may need several parts, so that its digest must be one whose state can
 * be saved.
 */
function resumableFromBytes({ compress, decompress }: TransformDefinition): number {
  if (compress === 'gzip') return 3 * 1024 * 1024;
  // What is not compressed again grows as much as it was compressed, logs about twentyfold.
  return decompress === 'none' ? 8 * 1024 * 1024 : 384 * 1024;
}

/** Downloads, decodes, packs and publishes a unit's blobs, or only what is missing according to a checkpoint. */
export async function transferBytes(
  job: NotedJob,
  manifest: Manifest,
  identity: ObjectIdentity,
  condition: WriteCondition,
): Promise<PublishedObject> {
  const { transform } = job.resources.record.definition;
  const resumable = listedBytes(manifest.blobs) >= resumableFromBytes(transform);
  try {
    return await transferOnce(job, { manifest, identity, condition, resumable });
  } catch (error) {
    if (!(error instanceof DigestNotResumable)) throw error;
    return await transferOnce(job, { manifest, identity, condition, resumable: true });
  }
}

async function transferOnce(
  job: NotedJob,
  {
    manifest,
    identity,
    condition,
    resumable,
  }: {
    readonly manifest: Manifest;
    readonly identity: ObjectIdentity;
    readonly condition: WriteCondition;
    readonly resumable: boolean;
  },
): Promise<PublishedObject> {
  const { unit, resources, signal, findings, moved, clock } = job;
  const { ahead } = job.process;
  const { definition } = resources.record;
  const { transform } = definition;
  const encoder = encoderName(transform);
  const place = controlRound(resources);
  const found = job.askFirst ? await readCheckpoint(unit, place, signal) : undefined;
  const resumed = found && (await resumedDigest(found, { key: unit.key, manifest: manifest.digest, encoder }, job));
  const resume = resumed === undefined ? undefined : found;
  const position = resume?.checkpoint.position;
  const digest = resumed ?? (resumable ? await RawDigest.resumable() : RawDigest.once());
  const positions = new RawPositions();
  findings.begin(resume?.checkpoint.findings);
  const start = position === undefined ? rawBeginning : { ...position, rawBytes: position.raw.bytes };
  const isThrottled = (account: string): boolean => resources.throttled.account(account) !== undefined;
  const delivery = { ...job.process, isThrottled };
  const delivered = deliverInOrder(manifest.blobs.slice(start.blob), resources.source, delivery, signal);
  const blobs = timedBlobs(delivered, clock);
  const reading = { definition, source: resources.source, ahead, findings, moved, signal };
  const raw = clock.pull('decode', rawBytes(blobs, reading, { start, positions }));
  const encoding = { level: transform.level, checkShare: transform.crossCheck.encode };
  const segments =
    transform.compress === 'none'
      ? plainSegments(raw, digest)
      : gzipSegments(raw, encoding, digest, (text) => findings.note(text));
  return await publishObject(
    cutParts(clock.pull('pack', segments), listedBytes(manifest.blobs), (resume?.checkpoint.parts.length ?? 0) + 1),
    {
      unit,
      identity,
      overwrite: definition.target.overwrite,
      compress: transform.compress,
      target: resources.target,
      condition,
      ahead,
      rawProof: () => digest.finish(),
      storeFindings: ({ sha256 }) => storeFindings(findings.all, { unit, sha256 }, resources, signal),
      upload: { place, encoder, positions, findings, found, resume, partsDurable: job.partsDurable },
      confirmOwner: job.confirmOwner,
    },
    signal,
  );
}

/** Counts the time that a unit waits for its blobs: until one comes, and for each piece of one that is streamed. */
async function* timedBlobs(blobs: AsyncIterable<DeliveredBlob>, clock: StageClock): AsyncGenerator<DeliveredBlob> {
  for await (const delivered of clock.pull('source', blobs)) {
    const isWhole = delivered.blob.bytes <= fetchedWholeMaxBytes;
    yield isWhole ? delivered : { ...delivered, body: clock.pull('source', delivered.body) };
  }
}

/** Returns the digest of the bytes before a checkpoint, or undefined if the unit has to start again. */
async function resumedDigest(
  found: FoundCheckpoint,
  wanted: { readonly key: string; readonly manifest: string; readonly encoder: string },
  { resources, signal }: NotedJob,
): Promise<RawDigest | undefined> {
  const confirmed = await isResumable(found, wanted, resources.target, signal);
  return confirmed ? await RawDigest.resumed(found.checkpoint.position.raw) : undefined;
}
