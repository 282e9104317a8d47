import type { CheckpointPosition } from '../../domain/checkpoint.js';
import type { Definition } from '../../domain/definition.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { FindingsLog } from '../../domain/findings-log.js';
import type { ObjectIdentity } from './object-identity.js';
import type { ObjectTarget, WriteCondition } from './object-target.js';
import type { ProcessResources } from '../../flow/process-resources.js';
import type { SettledWrite } from './settle-write.js';
import type { RawProof } from '../pack/raw-digest.js';
import type { CheckpointPlace, FoundCheckpoint } from '../../control/checkpoint.js';

/** Where the parts of one unit go. */
export interface PublishRequest {
  readonly unit: StagedUnit;
  readonly identity: ObjectIdentity;
  readonly overwrite: Definition['target']['overwrite'];
  readonly target: ObjectTarget;
  readonly condition: WriteCondition;
  readonly ahead: ProcessResources['ahead'];
  /** Gives the raw digests; asked once all parts were taken. */
  readonly rawProof: () => RawProof;
  /** Stores what was noticed on the way; called before anything is published, perhaps again with the same. */
  readonly storeFindings: (raw: RawProof) => Promise<void>;
  /** Fails where this attempt no longer counts: asked before an object is replaced. */
  readonly confirmOwner?: (() => Promise<void>) | undefined;
  /** How a multipart upload is begun or gone on with. */
  readonly upload: UploadPlan;
}

/** What was published, with its length and raw digests. */
export interface PublishedObject extends SettledWrite {
  readonly bytes: number;
  readonly raw: RawProof;
}

/** How the multipart upload of a unit is begun or gone on with. */
export interface UploadPlan {
  readonly place: CheckpointPlace;
  /** Encoder version and level. */
  readonly encoder: string;
  readonly positions: BlobPositions;
  /** Knows what was noticed of the blobs before a position. */
  readonly findings: FindingsLog;
  /** A checkpoint that an earlier attempt has left. */
  readonly found: FoundCheckpoint | undefined;
  /** The same, where the store confirms it: then only the parts behind it come. */
  readonly resume: FoundCheckpoint | undefined;
  /** Told when a checkpoint with more durable parts has been written. */
  readonly partsDurable?: (() => void) | undefined;
}

/** Knows at which blob, and at which of its decoded bytes, to resume after so many raw bytes; asked with lengths that only grow. */
export interface BlobPositions {
  at(rawBytes: number): Pick<CheckpointPosition, 'blob' | 'offset'>;
}
