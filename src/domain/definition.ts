/**
 * A parsed and checked `migration.yaml`: all defaults filled in, sizes in bytes, durations in milliseconds. Templates
 * are still text.
 */
export interface Definition {
  readonly version: 1;
  readonly name: string;
  readonly units: { readonly from: string; readonly id?: string };
  readonly accounts: Readonly<Record<string, AccountDefinition>>;
  readonly find: readonly LookupDefinition[];
  readonly order: 'name' | 'natural' | 'lookup' | 'lastModified';
  readonly expect: ExpectDefinition;
  readonly whenEmpty: 'fail' | 'skip' | 'write-empty';
  readonly transform: TransformDefinition;
  readonly target: TargetDefinition;
  readonly limits: LimitsDefinition;
  readonly speed: SpeedDefinition;
}

/** A source account. `endpoint` is its URL, which may be path-style. */
export interface AccountDefinition {
  readonly endpoint: string;
  /** Name of a credential, which workers resolve; without one, the Azure identity chain. */
  readonly credential?: string;
  /** Of the whole migration. */
  readonly requestsPerSecond?: number;
}

/** A lookup as written: its templates, and `each`, which repeats it. Exactly one of `prefix` and `blob` is set. */
export interface LookupDefinition {
  readonly account: string;
  readonly container: string;
  readonly prefix?: string;
  readonly blob?: string;
  readonly match?: string;
  readonly regex?: string;
  readonly each: Readonly<Record<string, EachDefinition>>;
  readonly optional: boolean;
}

/** The values of one `each` variable, in order. */
export type EachDefinition =
  | { readonly kind: 'list'; readonly values: readonly string[] }
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly width: number }
  | { readonly kind: 'template'; readonly template: string }
  | {
      readonly kind: 'dates';
      readonly from: string;
      readonly to?: string;
      readonly days?: string;
      readonly step: { readonly count: number; readonly unit: 'day' | 'hour' | 'month' };
    };

/**
 * `blobs`, `min` and `max` are numbers or templates that render one; `sequence` is a regular expression with one group.
 */
export interface ExpectDefinition {
  readonly blobs?: string;
  readonly min?: string;
  readonly max?: string;
  readonly sequence?: string;
}

export interface TransformDefinition {
  readonly decompress: 'bzip2' | 'gzip' | 'auto' | 'none';
  readonly trailingGarbage: 'fail' | 'ignore';
  readonly onCorrupt: 'fail' | 'skip-blob';
  /** Shares from 0 (none) to 1 (all). */
  readonly crossCheck: { readonly decode: number; readonly encode: number };
  readonly join: 'concat' | 'lines';
  readonly compress: 'gzip' | 'none';
  readonly level: 'fast' | 'standard' | 'small' | number;
}

/** How an S3 client connects. Holds no secret. */
export interface S3Connection {
  readonly region?: string;
  readonly endpoint?: string;
  readonly forcePathStyle?: boolean;
  readonly profile?: string;
  readonly roleArn?: string;
  readonly externalId?: string;
}

export interface TargetDefinition extends S3Connection {
  readonly bucket: string;
  /** Template of the target key. */
  readonly key: string;
  readonly storageClass?: string;
  readonly encryption?: {
    readonly type: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
    readonly keyId?: string;
    /** Whether S3 asks KMS for a key of the bucket instead of one for each object. */
    readonly bucketKey?: boolean;
  };
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly overwrite: 'never' | 'changed' | 'always';
  readonly conditionalWrites: 'require' | 'degraded';
  readonly control: ControlPlace;
}

/** A bucket and the control prefix in it, which does not end with a slash. */
export interface ControlPlace {
  readonly bucket: string;
  readonly prefix: string;
}

export interface LimitsDefinition {
  readonly blobBytes: number;
  readonly unitBytes: number;
  readonly unitBlobs: number;
  readonly expansion: number;
  /**
   * How long a unit's own requests may keep failing while those of others succeed, before the unit fails with its
   * class.
   */
  readonly unitPatienceMs: number;
  /** A number of units, or a share of the finished ones from 0 to 1. */
  readonly failedUnits:
    { readonly kind: 'count'; readonly count: number } | { readonly kind: 'share'; readonly share: number };
}

/** Lowest `speed.bytesPerSecond`. At a lower rate, waiting for the pace would look like a stall. */
export const bytesPerSecondMin = 64 * 1024;

/** Lowest `requestsPerSecond`. At a lower rate, the share of one of many processes would look like a stall. */
export const requestsPerSecondMin = 1;

export interface SpeedDefinition {
  readonly unitsInFlight: 'auto' | number;
  readonly bytesPerSecond: 'unlimited' | number;
  readonly heartbeatTimeoutMs: number;
}

/**
 * Returns the part of a definition that its digest covers: all but `speed`, `limits` and the accounts'
 * `requestsPerSecond`, which may change without changing the result.
 */
export function identityOf(definition: Definition): Record<string, unknown> {
  const { speed: _speed, limits: _limits, accounts, ...rest } = definition;
  const identities = Object.entries(accounts).map(([name, { requestsPerSecond: _rate, ...account }]) => [
    name,
    account,
  ]);
  return { ...rest, accounts: Object.fromEntries(identities) as Record<string, unknown> };
}

/** Returns the content type of a target's objects: their format, unless the file names one. */
export function contentTypeOf(
  { contentType }: Pick<TargetDefinition, 'contentType'>,
  compress: TransformDefinition['compress'],
): string {
  return contentType ?? (compress === 'gzip' ? 'application/gzip' : 'application/octet-stream');
}
