import type { TransformDefinition } from '../../domain/definition.js';
import { listedBytes, type Manifest } from '../../domain/manifest.js';
import { cutParts } from '../pack/cut-parts.js';
import { deliverInOrder } from '../source/deliver-in-order.js';
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
import { checkpointPlace, readCheckpoint } from '../../control/checkpoint.js';
import { isResumable } from '../publish/resumable-upload.js';
import { DigestNotResumable } from '../publish/multipart-upload.js';

/** Units of so many listed bytes may need several parts, so their digest is one whose state can be saved. */
function resumableFromBytes({ compress, decompress }: TransformDefinition): number {
  if (compress === 'gzip') return 3 * 1024 * 1024;
  // Not compressed again, they grow as much as they were compressed, logs some twentyfold.
  return decompress === 'none' ? 8 * 1024 * 1024 : 384 * 1024;
}

/** Downloads, decodes, packs and publishes a unit's blobs, or what a checkpoint says is missing. */
export async function transferBytes(
  move: NotedJob,
  manifest: Manifest,
  identity: ObjectIdentity,
  condition: WriteCondition,
): Promise<PublishedObject> {
  const { transform } = move.resources.record.definition;
  const resumable = listedBytes(manifest.blobs) >= resumableFromBytes(transform);
  try {
    return await transferOnce(move, { manifest, identity, condition, resumable });
  } catch (error) {
    if (!(error instanceof DigestNotResumable)) throw error;
    return await transferOnce(move, { manifest, identity, condition, resumable: true });
  }
}

async function transferOnce(
  move: NotedJob,
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
  const { unit, resources, signal, findings, moved } = move;
  const { ahead } = move.process;
  const { definition } = resources.record;
  const { transform } = definition;
  const encoder = encoderName(transform);
  const place = checkpointPlace(resources);
  const found = move.askFirst ? await readCheckpoint(unit, place, signal) : undefined;
  const wanted = { key: unit.key, manifest: manifest.digest, encoder };
  const resume =
    found !== undefined && (await isResumable(found, wanted, resources.target, signal)) ? found : undefined;
  const position = resume?.checkpoint.position;
  const digest = resumable || resume !== undefined ? await RawDigest.resumable(position?.raw) : RawDigest.once();
  const positions = new RawPositions();
  findings.begin(resume?.checkpoint.findings);
  const start = position === undefined ? rawBeginning : { ...position, rawBytes: position.raw.bytes };
  const blobs = deliverInOrder(manifest.blobs.slice(start.blob), resources.source, move.process, signal);
  const reading = { definition, source: resources.source, ahead, findings, moved, signal };
  const raw = rawBytes(blobs, reading, { start, positions });
  const encoding = { level: transform.level, checkShare: transform.crossCheck.encode };
  const segments =
    transform.compress === 'none'
      ? plainSegments(raw, digest)
      : gzipSegments(raw, encoding, digest, (text) => findings.note(text));
  return await publishObject(
    cutParts(segments, listedBytes(manifest.blobs), (resume?.checkpoint.parts.length ?? 0) + 1),
    {
      unit,
      identity,
      overwrite: definition.target.overwrite,
      target: resources.target,
      condition,
      ahead,
      rawProof: () => digest.finish(),
      storeFindings: ({ sha256 }) => storeFindings(findings.all, { unit, sha256 }, resources, signal),
      upload: { place, encoder, positions, findings, found, resume, partsDurable: move.partsDurable },
      confirmOwner: move.confirmOwner,
    },
    signal,
  );
}
