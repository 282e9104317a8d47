import type { FoundCheckpoint } from '../../control/checkpoint.js';
import type { ControlRound } from '../../control/control-prefix.js';
import type { CheckpointPosition } from '../../domain/stored/checkpoint.js';
import type { FindingsLog } from '../../domain/findings/findings-log.js';
import type { ProcessResources } from '../../flow/process-resources.js';
import type { RawProof } from '../pack/raw-digest.js';
import type { PublishingWrite, SettledWrite } from './settle-write.js';

/** Where and how the parts of one unit are published. */
export interface PublishRequest extends Pick<
  PublishingWrite,
  'unit' | 'identity' | 'overwrite' | 'compress' | 'target' | 'condition' | 'confirmOwner'
> {
  readonly ahead: ProcessResources['ahead'];
  /** Returns the raw digests; called once all parts have been taken. */
  readonly rawProof: () => RawProof;
  /** Stores what was noticed while the object was made; called before anything is published, perhaps repeatedly. */
  readonly storeFindings: (raw: RawProof) => Promise<void>;
  /** How a multipart upload is started or continued. */
  readonly upload: UploadPlan;
}

/** What was published, with its length and raw digests. */
export interface PublishedObject extends SettledWrite {
  readonly bytes: number;
  readonly raw: RawProof;
}

/** How the multipart upload of a unit is started or continued. */
export interface UploadPlan {
  readonly place: ControlRound;
  /** Encoder version and level. */
  readonly encoder: string;
  readonly positions: BlobPositions;
  /** Knows what was noticed about the blobs before a position. */
  readonly findings: FindingsLog;
  /** A checkpoint that an earlier attempt left. */
  readonly found: FoundCheckpoint | undefined;
  /** The same checkpoint if the store confirms it: only the parts after it will come. */
  readonly resume: FoundCheckpoint | undefined;
  /** Called when a checkpoint with more durable parts has been written. */
  readonly partsDurable?: (() => void) | undefined;
}

/**
 * Knows the blob, and the offset in its decoded bytes, that follow this many raw bytes; from call to call, the number
 * only grows.
 */
export interface BlobPositions {
  at(rawBytes: number): Pick<CheckpointPosition, 'blob' | 'offset'>;
}
