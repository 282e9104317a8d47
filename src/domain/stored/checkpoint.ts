import type { Findings } from '../findings/findings.js';

/** One durable part of a multipart upload, as the checkpoint holds it. `crc32` is base64, as S3 writes it. */
export interface CheckpointPart {
  readonly number: number;
  readonly etag: string;
  readonly bytes: number;
  readonly crc32: string;
}

/**
 * Where the run of parts without a gap ends, and the state of every digest there: what another process needs to
 * continue.
 */
export interface CheckpointPosition {
  /**
   * Position in the manifest of the blob to continue with, and how many of its decoded bytes are in the parts already.
   */
  readonly blob: number;
  readonly offset: number;
  readonly raw: { readonly bytes: number; readonly crc32: number; readonly sha256State: string };
  readonly target: { readonly bytes: number; readonly crc32: number };
}

/**
 * `uploads/<unit index>.json`: what an interrupted attempt at a large unit leaves behind. Written right after the
 * upload is created, then each time more parts are durable, always on the condition that nobody else has written it.
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
  /** Encoder version and level: another one cannot continue these bytes. */
  readonly encoder: string;
  readonly parts: readonly CheckpointPart[];
  readonly position: CheckpointPosition;
  /**
   * What was noticed about the blobs before `position`, or about all of them once it is `completing`. Absent in older
   * checkpoints.
   */
  readonly findings?: Findings;
  /** Set once all parts are durable and Complete is about to be sent. */
  readonly completing?: {
    readonly raw: { readonly bytes: number; readonly sha256: string; readonly crc32: string };
    readonly target: { readonly bytes: number; readonly crc32: number };
  };
}

/**
 * How many earlier upload ids are kept. A unit that restarts more often has other problems; the lifecycle rule finds
 * the rest.
 */
export const earlierUploadsMax = 50;
