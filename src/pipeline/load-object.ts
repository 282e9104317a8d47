import { crc32 } from 'node:zlib';
import type { Definition } from '../domain/definition.js';
import { Failure } from '../domain/failure.js';
import type { StagedUnit } from '../domain/unit.js';
import type { Part } from './cut-parts.js';
import { identityMetadata, type ObjectIdentity } from './object-identity.js';
import type { ObjectTarget, WriteCondition } from './object-target.js';
import type { ProcessResources } from './process-resources.js';
import { publish, type Published } from './publish.js';
import { crc32Base64, type RawProof } from './raw-digest.js';
import { continueUpload, startUpload, type UploadPlan } from './upload-object.js';

/** Where the parts of one unit go. */
export interface Load {
  readonly unit: StagedUnit;
  readonly identity: ObjectIdentity;
  readonly overwrite: Definition['target']['overwrite'];
  readonly target: ObjectTarget;
  readonly condition: WriteCondition;
  readonly ahead: ProcessResources['ahead'];
  /** Gives the raw digests; asked once all parts were taken. */
  readonly rawProof: () => RawProof;
  /** How a multipart upload is begun or gone on with. */
  readonly upload: UploadPlan;
}

/** What was published, with its length and raw digests. */
export interface Loaded extends Published {
  readonly bytes: number;
  readonly raw: RawProof;
}

/** Publishes a unit's parts as one object: a single part with one put, more with a multipart upload, begun or gone on with. */
export async function loadObject(parts: AsyncGenerator<Part>, load: Load, signal: AbortSignal): Promise<Loaded> {
  try {
    if (load.upload.resume !== undefined) return await continueUpload(parts, load, load.upload.resume, signal);
    const first = await parts.next();
    if (first.done === true) throw new Failure('InternalPlanError', `${load.unit.key}: there is nothing to put`);
    return first.value.last
      ? await putObject(first.value, load, signal)
      : await startUpload(first.value, parts, load, signal);
  } finally {
    await parts.return(undefined); // Ends the stages before it where the load failed.
  }
}

async function putObject(part: Part, load: Load, signal: AbortSignal): Promise<Loaded> {
  const { unit, identity, target } = load;
  const { body } = part;
  const raw = load.rawProof();
  const request = { key: unit.key, body, crc32: crc32Base64(crc32(body)), metadata: identityMetadata(identity, raw) };
  const published = await publish(
    {
      ...load,
      bytes: body.length,
      crc32: request.crc32,
      parts: 1,
      body,
      write: (condition) => target.put({ ...request, condition }, signal),
    },
    signal,
  );
  return { ...published, bytes: body.length, raw };
}
