/** What a HEAD tells of a target object. Metadata keys are lower case, without `x-amz-meta-`. */
export interface TargetHead {
  readonly etag: string;
  readonly bytes: number;
  readonly versionId?: string;
  /** CRC-32 of the whole object, base64, where the store keeps it. */
  readonly crc32?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What must hold under the key for a write to take effect; `none` only where the store ignores conditions anyway. */
export type WriteCondition =
  { readonly kind: 'absent' } | { readonly kind: 'etag'; readonly etag: string } | { readonly kind: 'none' };

/**
 * How a conditional write ended. `stored`: done, with its proof. `refused`: the condition did not hold (412, 404 to `If-Match`).
 * `race`: another writer was at work (409). `gone`: no such upload. `unknown`: the reply was lost, or was no proof; a HEAD decides.
 */
export type WriteOutcome =
  | { readonly state: 'stored'; readonly etag: string; readonly versionId?: string; readonly crc32?: string }
  | { readonly state: 'refused' }
  | { readonly state: 'race' }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly cause: unknown };

/** One stored part: what Complete must be told. */
export interface StoredPart {
  readonly number: number;
  readonly etag: string;
  readonly bytes: number;
  /** CRC-32 of the part, base64. */
  readonly crc32: string;
}

/** One part as the store lists it. */
export type ListedPart = Pick<StoredPart, 'number' | 'etag' | 'bytes'>;

/** Name, body and conditions of an object that is put with one request. */
export interface PutRequest {
  readonly key: string;
  readonly body: Uint8Array;
  /** CRC-32 of the body, base64; the store refuses a body that differs. */
  readonly crc32: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly condition: WriteCondition;
}

export interface CompleteRequest {
  readonly key: string;
  readonly uploadId: string;
  readonly parts: readonly StoredPart[];
  /** CRC-32 of the whole object, base64. */
  readonly crc32: string;
  readonly bytes: number;
  readonly condition: WriteCondition;
}

/**
 * Where target objects are published; one for a migration, with its bucket, storage class, encryption, tags and content type. Contract:
 * - Errors are `Failure`s of the target's classes. One request each: who wants it tried again wraps the port.
 * - `put` and `completeUpload` are conditional and give their outcome as a value; they throw only where the store refused before doing
 *   anything (credential, permission, missing bucket, throttling, wrong checksum) and the write surely did not happen.
 * - `createUpload` asks for a CRC-32 over the whole object. `uploadPart` may be repeated with equal bytes and overwrites itself.
 *   It throws `TargetUploadGone` where the upload is no more.
 * - `abortUpload` may be repeated and is silent about an upload that is no more.
 * - `get` streams the object's bytes if its ETag is still `etag` (else `TargetRace`); length is checked.
 * - Every request has a timeout. Aborting the signal rejects with the signal's own reason. Any call may overlap with others.
 */
export interface ObjectTarget {
  head(key: string, signal: AbortSignal): Promise<TargetHead | undefined>;
  put(request: PutRequest, signal: AbortSignal): Promise<WriteOutcome>;
  createUpload(
    key: string,
    metadata: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly uploadId: string }>;
  uploadPart(
    part: {
      readonly key: string;
      readonly uploadId: string;
      readonly number: number;
      readonly body: Uint8Array;
      readonly crc32: string;
    },
    signal: AbortSignal,
  ): Promise<StoredPart>;
  /** Gives the parts that the store holds, or undefined where the upload is no more. A number may come twice. */
  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly ListedPart[] | undefined>;
  completeUpload(request: CompleteRequest, signal: AbortSignal): Promise<WriteOutcome>;
  abortUpload(key: string, uploadId: string, signal: AbortSignal): Promise<void>;
  get(key: string, etag: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
