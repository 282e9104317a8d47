/** A rule of a bucket's lifecycle that is switched on. */
export interface LifecycleRule {
  readonly name: string;
  /** What the keys that it is for begin with; empty for all of them. */
  readonly prefix: string;
  /** Whether it is only for objects with certain tags. */
  readonly needsTags: boolean;
  /** Whether it deletes objects, or moves them to another storage class. */
  readonly expires: boolean;
  readonly transitions: boolean;
  /** Days after which it aborts an upload; undefined if it aborts none. */
  readonly abortsAfterDays: number | undefined;
}

/** What is known about the credential of a target. `isRenewed`: the SDK gets the next one by itself. */
export type TargetCredential =
  | { readonly kind: 'key' }
  | { readonly kind: 'session'; readonly endsAt: string | undefined; readonly isRenewed: boolean };

/**
 * The settings of a bucket and the credential that reaches it. Errors are `Failure`s of the target's classes:
 * `TargetForbidden` without the permission, `TargetRefused` if the store does not know the question. Every call makes
 * one request, except `credential`, which makes none to the bucket.
 */
export interface BucketInspector {
  /** Proves that the bucket exists and that the credential may see it. */
  find(signal: AbortSignal): Promise<void>;
  versioning(signal: AbortSignal): Promise<'off' | 'enabled' | 'suspended'>;
  /** Whether the bucket has Object Lock, and how long a new object is kept by default. */
  objectLock(signal: AbortSignal): Promise<{ readonly isEnabled: boolean; readonly keptFor: string | undefined }>;
  lifecycle(signal: AbortSignal): Promise<readonly LifecycleRule[]>;
  /** Finds the credential of this process. */
  credential(signal: AbortSignal): Promise<TargetCredential>;
}
