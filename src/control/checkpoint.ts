import { controlKeys } from './control-keys.js';
import { earlierUploadsMax, type CheckpointPosition, type UploadCheckpoint } from '../domain/checkpoint.js';
import { Failure } from '../domain/failure.js';
import { controlFormat } from '../domain/migration-record.js';
import type { StagedUnit } from '../domain/unit.js';
import type { MigrationResources } from '../pipeline/migration-resources.js';
import { OwnedObject } from './owned-object.js';

/** A checkpoint as read, with the ETag that the next write relies on. */
export interface FoundCheckpoint {
  readonly checkpoint: UploadCheckpoint;
  readonly etag: string;
}

/** Where a unit's checkpoint and upload are. */
export type CheckpointPlace = Pick<MigrationResources, 'base' | 'control' | 'target'> & { readonly round: number };

/** Gives the place of a migration's checkpoints. */
export function checkpointPlace(resources: MigrationResources): CheckpointPlace {
  const { base, control, target, record } = resources;
  return { base, control, target, round: record.round };
}

/** Reads what an earlier attempt at a unit has left, if anything. */
export async function readCheckpoint(
  unit: Pick<StagedUnit, 'index'>,
  place: Pick<CheckpointPlace, 'base' | 'control' | 'round'>,
  signal: AbortSignal,
): Promise<FoundCheckpoint | undefined> {
  const key = controlKeys.upload(place.base, place.round, unit.index);
  const object = await place.control.read(key, signal);
  return object === undefined ? undefined : { checkpoint: parseCheckpoint(object.bytes, key), etag: object.etag };
}

/** Counts the durable parts of a unit's checkpoint; that all are there and Complete is about to be sent counts as one more. */
export async function durableParts(
  unitIndex: number,
  place: Pick<CheckpointPlace, 'base' | 'control' | 'round'>,
  signal: AbortSignal,
): Promise<number> {
  const { parts = [], completing } = (await readCheckpoint({ index: unitIndex }, place, signal))?.checkpoint ?? {};
  return parts.length + (completing === undefined ? 0 : 1);
}

/** Deletes the checkpoint of a unit whose receipt is flushed: nobody will ask for it again. */
export function deleteCheckpoint(
  unitIndex: number,
  place: Pick<CheckpointPlace, 'base' | 'control' | 'round'>,
  signal: AbortSignal,
): Promise<void> {
  return place.control.delete(controlKeys.upload(place.base, place.round, unitIndex), signal);
}

/** What a checkpoint says, without who wrote it. */
export type CheckpointContent = Omit<UploadCheckpoint, 'format' | 'token' | 'seq'>;

/** Gives the content of the first checkpoint of a new upload; ids of the unit's earlier ones are carried along. */
export function newCheckpoint(
  upload: Pick<UploadCheckpoint, 'key' | 'uploadId' | 'manifest' | 'encoder'>,
  found: FoundCheckpoint | undefined,
): CheckpointContent {
  const before = found === undefined ? [] : [...found.checkpoint.earlier, found.checkpoint.uploadId];
  const position: CheckpointPosition = {
    ...{ blob: 0, offset: 0 },
    raw: { bytes: 0, crc32: 0, sha256State: '' },
    target: { bytes: 0, crc32: 0 },
  };
  return { ...upload, earlier: before.slice(-earlierUploadsMax), parts: [], position };
}

/** Writes a unit's checkpoint, always the newest state and one write at a time. Fails with `Fenced` where another attempt has written it. */
export class CheckpointWriter {
  readonly #object: OwnedObject;
  readonly #key: string;

  constructor(unit: StagedUnit, place: CheckpointPlace, found: FoundCheckpoint | undefined) {
    this.#key = controlKeys.upload(place.base, place.round, unit.index);
    this.#object = new OwnedObject({
      store: place.control,
      key: this.#key,
      etag: found?.etag,
      readMark: (bytes) => parseCheckpoint(bytes, this.#key),
      // Somebody cleaned up: the unit starts again.
      goneClass: 'TargetUploadGone',
    });
  }

  async write(content: CheckpointContent, signal: AbortSignal): Promise<void> {
    const outcome = await this.#object.replace((mark) => {
      const checkpoint: UploadCheckpoint = { format: controlFormat, ...mark, ...content };
      return Buffer.from(JSON.stringify(checkpoint));
    }, signal);
    if (outcome === 'taken') throw new Failure('Fenced', `${this.#key}: another attempt goes on with the upload`);
  }
}

function parseCheckpoint(bytes: Uint8Array, key: string): UploadCheckpoint {
  const checkpoint = JSON.parse(Buffer.from(bytes).toString('utf8')) as UploadCheckpoint;
  if (checkpoint.format > controlFormat) {
    throw new Failure(
      'FormatTooNew',
      `${key} has format ${String(checkpoint.format)}, this version reads up to ${String(controlFormat)}`,
    );
  }
  return checkpoint;
}
