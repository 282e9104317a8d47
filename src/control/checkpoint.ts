import { z } from 'zod';
import { earlierUploadsMax, type CheckpointPosition, type UploadCheckpoint } from '../domain/stored/checkpoint.js';
import { Failure } from '../domain/failure.js';
import { controlFormat } from '../domain/stored/migration-record.js';
import type { StagedUnit } from '../domain/unit.js';
import { controlKeys } from './control-keys.js';
import type { ControlRound } from './control-prefix.js';
import type { ControlObject } from './control-store.js';
import { OwnedObject, type OwnerMark } from './owned-object.js';
import { sizeLimits } from './size-limits.js';
import { deleteObject, readObject } from './stored-object.js';
import { formatSchema, versionedJson } from './versioned-json.js';

/** A checkpoint as read, with the ETag that the next write relies on. */
export interface FoundCheckpoint {
  readonly checkpoint: UploadCheckpoint;
  readonly etag: string;
}

/**
 * Returns what an earlier attempt at a unit has left, if anything. A damaged checkpoint reads as one of no upload at
 * all, so that the unit starts again and replaces it; the lifecycle rule of the bucket finds the upload that it named.
 */
export async function readCheckpoint(
  unit: Pick<StagedUnit, 'index'>,
  place: ControlRound,
  signal: AbortSignal,
): Promise<FoundCheckpoint | undefined> {
  const key = controlKeys.upload(place.base, place.round, unit.index);
  const object = await readObject(place.control, { key, maxBytes: sizeLimits.checkpoint }, signal);
  return object && { checkpoint: parseOrNone(object, key), etag: object.etag };
}

/**
 * Counts the durable parts of a unit's checkpoint; that all are there and Complete is about to be sent counts as one
 * more.
 */
export async function durableParts(unitIndex: number, place: ControlRound, signal: AbortSignal): Promise<number> {
  const { parts = [], completing } = (await readCheckpoint({ index: unitIndex }, place, signal))?.checkpoint ?? {};
  return parts.length + (completing === undefined ? 0 : 1);
}

/** Deletes the checkpoint of a unit whose receipt is flushed: nobody will ask for it again. */
export function deleteCheckpoint(unitIndex: number, place: ControlRound, signal: AbortSignal): Promise<void> {
  return deleteObject(place.control, controlKeys.upload(place.base, place.round, unitIndex), signal);
}

/** What a checkpoint says, without who wrote it. */
export type CheckpointContent = Omit<UploadCheckpoint, 'format' | 'token' | 'seq'>;

/** Returns the content of the first checkpoint of a new upload; it keeps the ids of the unit's earlier uploads. */
export function newCheckpoint(
  upload: Pick<UploadCheckpoint, 'key' | 'uploadId' | 'manifest' | 'encoder'>,
  found: FoundCheckpoint | undefined,
): CheckpointContent {
  const { earlier = [], uploadId = '' } = found?.checkpoint ?? {};
  const before = uploadId === '' ? earlier : [...earlier, uploadId];
  return { ...upload, earlier: before.slice(-earlierUploadsMax), parts: [], position: beginning };
}

/**
 * Returns the content with which nobody continues an upload, because it is of no manifest. The next one carries its id
 * along, so that it is aborted in the end.
 */
export function givenUp(content: CheckpointContent): CheckpointContent {
  const { key, uploadId, encoder, earlier } = content;
  return { ...{ key, uploadId, encoder, earlier }, manifest: 'none', parts: [], position: beginning };
}

/**
 * Writes a unit's checkpoint, always the newest state and one write at a time. Fails with `Fenced` where another
 * attempt has written it.
 */
export class CheckpointWriter {
  readonly #object: OwnedObject;
  readonly #key: string;

  constructor(unit: StagedUnit, place: ControlRound, found: FoundCheckpoint | undefined) {
    this.#key = controlKeys.upload(place.base, place.round, unit.index);
    this.#object = new OwnedObject({
      store: place.control,
      key: this.#key,
      etag: found?.etag,
      maxBytes: sizeLimits.checkpoint,
      readMark: (bytes): OwnerMark => checkpointJson.parse(bytes, this.#key),
      // Somebody cleaned up: the unit starts again.
      goneClass: 'TargetUploadGone',
    });
  }

  async write(content: CheckpointContent, signal: AbortSignal): Promise<void> {
    const outcome = await this.#object.replace(
      (mark) => checkpointJson.bytes({ format: controlFormat, ...mark, ...content }),
      signal,
    );
    if (outcome === 'taken') throw new Failure('Fenced', `${this.#key}: another attempt has taken the upload over`);
  }
}

const count = z.int().min(0);
const size = z.number().min(0);
const text = z.string().min(1);
const noted = z.looseObject({ blobs: count, bytes: size, first: z.array(z.string()) });

/** The form in which `uploads/<unit index>.json` is stored. */
export const checkpointJson = versionedJson<UploadCheckpoint>(
  'the checkpoint of an upload',
  z.looseObject({
    format: formatSchema,
    token: text,
    seq: count,
    key: text,
    uploadId: text,
    earlier: z.array(text),
    manifest: text,
    encoder: text,
    parts: z.array(z.looseObject({ number: count, etag: text, bytes: count, crc32: text })),
    position: z.looseObject({
      blob: count,
      offset: size,
      raw: z.looseObject({ bytes: size, crc32: size, sha256State: z.string() }),
      target: z.looseObject({ bytes: size, crc32: size }),
    }),
    findings: z
      .looseObject({ skipped: z.array(z.looseObject({})), trailing: noted, asIs: noted, notes: z.array(z.string()) })
      .optional(),
    completing: z
      .looseObject({
        raw: z.looseObject({ bytes: size, sha256: text, crc32: text }),
        target: z.looseObject({ bytes: size, crc32: size }),
      })
      .optional(),
  }),
);

function parseOrNone({ bytes }: ControlObject, key: string): UploadCheckpoint {
  try {
    return checkpointJson.parse(bytes, key);
  } catch (error) {
    if (error instanceof Failure && error.failureClass === 'LedgerMismatch') return noUpload;
    throw error;
  }
}

const beginning: CheckpointPosition = {
  blob: 0,
  offset: 0,
  raw: { bytes: 0, crc32: 0, sha256State: '' },
  target: { bytes: 0, crc32: 0 },
};

const noUpload: UploadCheckpoint = {
  format: controlFormat,
  token: '',
  seq: 0,
  key: '',
  uploadId: '',
  earlier: [],
  manifest: '',
  encoder: '',
  parts: [],
  position: beginning,
};
