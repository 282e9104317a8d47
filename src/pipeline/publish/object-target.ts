/** What a HEAD says about a target object. Metadata keys are lower case, without `x-amz-meta-`. */
export interface TargetHead {
  readonly etag: string;
  readonly bytes: number;
  readonly versionId?: string;
  /** CRC-32 of the whole object, base64, if the store keeps it. */
  readonly crc32?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Absent where the store names none, as S3 does for `STANDARD`. */
  readonly storageClass?: string;
  /** It is in an archive, and cannot be read before somebody restores it. */
  readonly isArchived?: true;
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly lastModifiedMs: number;
}

/** A page of a listing; `next` asks for the page after it and is absent on the last. */
export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  readonly next?: string;
}

/** What must be under the key for a write to take effect; `none` only for a store that ignores conditions anyway. */
export type WriteCondition =
  { readonly kind: 'absent' } | { readonly kind: 'etag'; readonly etag: string } | { readonly kind: 'none' };

/**
 * How a conditional write ended. `stored`: done, with its proof. `refused`: the condition did not hold (412, or 404 to
 * `If-Match`). `race`: another writer was at work (409). `gone`: there is no such upload. `unknown`: the reply was lost
 * or proved nothing; a HEAD decides.
 */
export type WriteOutcome =
  | { readonly state: 'stored'; readonly etag: string; readonly versionId?: string; readonly crc32?: string }
  | { readonly state: 'refused' }
  | { readonly state: 'race' }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly cause: unknown };

/** One stored part, as Complete must name it. */
export interface StoredPart {
  readonly number: number;
  readonly etag: string;
  readonly bytes: number;
  /** CRC-32 of the part, base64. */
  readonly crc32: string;
}

/** A part as the store lists it. */
export type ListedPart = Pick<StoredPart, 'number' | 'etag' | 'bytes'>;

/** An object that is put with one request. */
export interface PutRequest {
  readonly key: string;
  readonly body: Uint8Array;
  /** CRC-32 of the body, base64; the store refuses a different body. */
  readonly crc32: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly condition: WriteCondition;
}

/** A multipart upload that becomes an object. */
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
 * Where target objects are published; one for a migration, with its bucket, storage class, encryption, tags and content
 * type. Contract:
 * - Errors are `Failure`s of the target's classes. Each call makes one request and never retries: callers that want
 *   retries wrap the port.
 * - `put` and `completeUpload` are conditional and return their outcome as a value. They throw only if the store
 *   refused before doing anything (credential, permission, missing bucket, throttling, wrong checksum), so that the
 *   write certainly did not happen.
 * - `createUpload` asks for a CRC-32 over the whole object. `uploadPart` may be repeated with equal bytes and
 *   overwrites itself; it throws `TargetUploadGone` if the upload no longer exists.
 * - `abortUpload` may be repeated and ignores an upload that no longer exists.
 * - `tags` returns the tags of an object, or undefined if there is no object.
 * - `listPage` returns objects below a prefix, as the store orders them.
 * - `get` streams the object's bytes if its ETag is still `etag` (else `TargetRace`), and checks their length.
 * - Every request has a timeout. Aborting the signal rejects with the signal's own reason. Calls may overlap.
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
  /** Returns the parts that the store holds, or undefined if the upload no longer exists. A number may come twice. */
  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly ListedPart[] | undefined>;
  completeUpload(request: CompleteRequest, signal: AbortSignal): Promise<WriteOutcome>;
  abortUpload(key: string, uploadId: string, signal: AbortSignal): Promise<void>;
  tags(key: string, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined>;
  listPage(prefix: string, after: string | undefined, signal: AbortSignal): Promise<ObjectPage>;
  get(key: string, etag: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}
