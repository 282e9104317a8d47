import type { FailureClass } from '../../../domain/failure-classes.js';
import { endpointRefusedCode } from '../../endpoint/guarded-lookup.js';
import { textField } from '../../request/error-fields.js';
import { localFault } from '../../request/local-faults.js';
import { describeS3Error, type S3Error } from './s3-error.js';

/** The class of a failed request, and whether it surely changed nothing at the store. */
export interface S3Verdict {
  readonly failureClass: FailureClass;
  readonly harmless: boolean;
}

const classOfCode: Readonly<Record<string, FailureClass>> = {
  SlowDown: 'TargetThrottled',
  SlowDownRead: 'TargetThrottled',
  SlowDownWrite: 'TargetThrottled',
  Throttling: 'TargetThrottled',
  ThrottlingException: 'TargetThrottled',
  RequestLimitExceeded: 'TargetThrottled',
  RequestThrottled: 'TargetThrottled',
  TooManyRequests: 'TargetThrottled',
  BandwidthLimitExceeded: 'TargetThrottled',

  ExpiredToken: 'TargetAuth',
  ExpiredTokenException: 'TargetAuth',
  TokenRefreshRequired: 'TargetAuth',
  InvalidToken: 'TargetAuth',
  InvalidAccessKeyId: 'TargetAuth',
  InvalidClientTokenId: 'TargetAuth',
  UnrecognizedClientException: 'TargetAuth',
  SignatureDoesNotMatch: 'TargetAuth',
  InvalidSecurity: 'TargetAuth',
  NotSignedUp: 'TargetAuth',
  XAdminUserNotFound: 'TargetAuth',
  CredentialsProviderError: 'TargetAuth',
  TokenProviderError: 'TargetAuth',
  AccessDenied: 'TargetForbidden',
  AccountProblem: 'TargetForbidden',
  AllAccessDisabled: 'TargetForbidden',

  NoSuchBucket: 'TargetMissing',
  InvalidBucketName: 'TargetMissing',
  PermanentRedirect: 'TargetMissing',
  TemporaryRedirect: 'TargetMissing',
  AuthorizationHeaderMalformed: 'TargetMissing',
  IllegalLocationConstraintException: 'TargetMissing',

  // Amazon has no such code; these are of Ceph, MinIO, SeaweedFS, Versity and others.
  InsufficientStorage: 'TargetFull',
  InsufficientStorageSpace: 'TargetFull',
  QuotaExceeded: 'TargetFull',
  StorageQuotaExceeded: 'TargetFull',
  BucketQuotaExceeded: 'TargetFull',
  UserQuotaExceeded: 'TargetFull',
  XMinioStorageFull: 'TargetFull',
  XMinioAdminBucketQuotaExceeded: 'TargetFull',

  NoSuchUpload: 'TargetUploadGone',
  PreconditionFailed: 'TargetRace',
  ConditionalRequestConflict: 'TargetRace',
  OperationAborted: 'TargetRace',
  BadDigest: 'TargetIntegrity',
  InvalidDigest: 'TargetIntegrity',
  XAmzContentChecksumMismatch: 'TargetIntegrity',
  XAmzContentSHA256Mismatch: 'TargetIntegrity',
  IncompleteBody: 'TargetIntegrity',
  InvalidPart: 'TargetIntegrity',
  RequestTimeout: 'TargetNetwork',
  RequestTimeTooSkewed: 'ClockSkew',
  RequestExpired: 'ClockSkew',

  EntityTooSmall: 'InternalPlanError',
  EntityTooLarge: 'InternalPlanError',
  InvalidPartOrder: 'InternalPlanError',
  InvalidStorageClass: 'ConfigError',
  InvalidEncryptionAlgorithmError: 'ConfigError',
  InvalidTag: 'ConfigError',
  MetadataTooLarge: 'ConfigError',
  KeyTooLongError: 'TargetRefused',
  InvalidObjectState: 'TargetRefused',
  NotImplemented: 'TargetRefused',

  [endpointRefusedCode]: 'ConfigError/Endpoint',
};

/** Returns the class of a failed request to S3. */
export function s3Verdict(error: unknown, seen: S3Error = describeS3Error(error)): S3Verdict {
  const { code = '', status } = seen;
  if (isRegionMissing(error)) return { failureClass: 'ConfigError/Endpoint', harmless: true };
  if (setupProblem(error) !== undefined) return { failureClass: 'ConfigError', harmless: true };
  const known = code.startsWith('KMS.') ? 'TargetForbidden' : classOfCode[code];
  if (known !== undefined) return { failureClass: known, harmless: true };
  switch (localFault(error)) {
    case 'shortage':
      return { failureClass: 'WorkerResource', harmless: true };
    case 'file':
      return { failureClass: 'ConfigError/Credential', harmless: true };
    case 'unreached':
    case 'certificate':
      return { failureClass: 'TargetNetwork', harmless: true };
    case undefined:
      // The status says little without the answer's text: after a 404 that broke off, it is not known what is missing.
      return brokeOff(error) ? { failureClass: 'TargetNetwork', harmless: false } : verdictOfStatus(status, seen);
  }
}

/** Reports whether the connection broke while the answer was read: the error then has a code of Node's. */
function brokeOff(error: unknown): boolean {
  return /^(E[A-Z]+|ERR_[A-Z_]+)$/.test(textField(error, 'code') ?? '');
}

/**
 * Returns what is wrong if the SDK refuses settings before it makes a request, or undefined. Such errors have neither
 * a code nor a status.
 */
export function setupProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || describeS3Error(error).status !== undefined) return undefined;
  if (isRegionMissing(error)) return 'no region is known; set target.region or AWS_REGION';
  if (/^Region not accepted/.test(error.message)) return 'target.region is not the name of a region';
  const refused =
    ['EndpointError', 'InvalidBucketName'].includes(error.name) ||
    textField(error, 'code') === 'ERR_INVALID_URL' ||
    /^(Path-style addressing|No value provided for input)/.test(error.message);
  return refused ? 'the bucket cannot be addressed; correct target.bucket, endpoint or forcePathStyle' : undefined;
}

/** The migration file need not name a region, so another worker may know one. */
function isRegionMissing(error: unknown): boolean {
  return error instanceof Error && /^Region is missing/.test(error.message);
}

function verdictOfStatus(status: number | undefined, seen: S3Error): S3Verdict {
  // A broken connection, a timeout, an answer that is not a store's, or a server that gave up halfway.
  if (status === undefined || status < 300) return { failureClass: 'TargetNetwork', harmless: false };
  if (status === 501 || status === 505) return { failureClass: 'TargetRefused', harmless: true };
  if (status === 507) return { failureClass: 'TargetFull', harmless: true };
  if (status >= 500)
    return { failureClass: isBusy(status, seen) ? 'TargetThrottled' : 'TargetNetwork', harmless: false };
  return { failureClass: classOfStatus(status, seen), harmless: true };
}

/**
 * The SDK makes a 503 of an answer of 200 that holds an error, or nothing; the code distinguishes it from a busy store.
 */
function isBusy(status: number, { code }: S3Error): boolean {
  return status === 503 && code !== 'InternalError';
}

function classOfStatus(status: number, { code }: S3Error): FailureClass {
  if (status < 400) return 'TargetMissing';
  switch (status) {
    case 401:
      return 'TargetAuth';
    case 402:
    case 403:
      return 'TargetForbidden';
    case 404:
      return 'TargetMissing';
    case 407:
    case 408:
      return 'TargetNetwork';
    case 409:
      // With a code of its own it is not a race: a key below another key, for example.
      return code === undefined ? 'TargetRace' : 'TargetRefused';
    case 412:
      return 'TargetRace';
    case 429:
      return 'TargetThrottled';
    default:
      return 'TargetRefused';
  }
}
