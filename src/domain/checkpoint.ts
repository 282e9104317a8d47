import type { Findings } from './findings.js';

/** One durable part of a multipart upload, as the checkpoint holds it. `crc32` is base64, as S3 writes it. */
export interface CheckpointPart {
  readonly number: number;
  readonly etag: string;
  readonly bytes: number;
  readonly crc32: string;
}

/**
 * Where the run of parts without a gap ends, and the state of every digest there: what another process needs to go on.
 */
export interface CheckpointPosition {
  /** Position in the manifest of the blob to go on with, and how many of its decoded bytes are in the parts already. */
  readonly blob: number;
  readonly offset: number;
  readonly raw: { readonly bytes: number; readonly crc32: number; readonly sha256State: string };
  readonly target: { readonly bytes: number; readonly crc32: number };
}

/**
 * `uploads/<unit index>.json`: what an interrupted attempt at a large unit leaves. Written right after the upload was
 * created, then after parts are durable and never before, always under the condition that nobody else has written it.
 */
export interface UploadCheckpoint {
  readonly format: number;
  /** Who wrote it last, and which of its writes it was. */
  readonly token: string;
  readonly seq: number;
  readonly key: string;
  readonly uploadId: string;
  /** Ids of this unit's uploads that were given up; `cleanUp` aborts them. */
  readonly earlier: readonly string[];
  readonly manifest: string;
  /** Encoder version and level: another one cannot go on with these bytes. */
  readonly encoder: string;
  readonly parts: readonly CheckpointPart[];
  readonly position: CheckpointPosition;
  /**
   * What was noticed of the blobs before `position`, or of all once it is `completing`. Absent in older checkpoints.
   */
  readonly findings?: Findings;
  /** There once all parts are durable and Complete is about to be sent. */
  readonly completing?: {
    readonly raw: { readonly bytes: number; readonly sha256: string; readonly crc32: string };
    readonly target: { readonly bytes: number; readonly crc32: number };
  };
}

/**
 * An upload's earlier ids are kept up to this many; who restarts more often has other troubles, and the lifecycle rule
 * finds the rest.
 */
export const earlierUploadsMax = 50;
