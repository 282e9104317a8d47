import type { FailureClass } from '../../domain/failure-classes.js';
import { Failure, type FailureContext } from '../../domain/failure.js';
import { endpointRefusedCode } from '../endpoint/guarded-lookup.js';
import { field, textField } from '../request/error-fields.js';
import { localFault } from '../request/local-faults.js';
import { retryAfterMs } from '../request/retry-after.js';
import { sdkError } from '../request/sdk-error.js';
import { serverText } from '../request/server-text.js';

/** What S3's SDK tells of a failed request. `code` is the service's or Node's. */
export interface S3Error {
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The region in which the bucket really is, where the answer says so. */
  readonly region: string | undefined;
}

/** The class of a failed request, and whether it surely changed nothing at the store. */
export interface S3Verdict {
  readonly failureClass: FailureClass;
  readonly harmless: boolean;
}

/** What was being asked of which bucket. `doing` as `put orders/1.json.gz`. */
export interface S3Request {
  readonly doing: string;
  readonly bucket: string;
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
  MethodNotAllowed: 'TargetForbidden',

  NoSuchBucket: 'TargetMissing',
  InvalidBucketName: 'TargetMissing',
  PermanentRedirect: 'TargetMissing',
  TemporaryRedirect: 'TargetMissing',
  AuthorizationHeaderMalformed: 'TargetMissing',
  IllegalLocationConstraintException: 'TargetMissing',

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
  KeyTooLongError: 'ConfigError/Key',
  InvalidStorageClass: 'ConfigError',
  InvalidEncryptionAlgorithmError: 'ConfigError',
  InvalidTag: 'ConfigError',
  MetadataTooLarge: 'ConfigError',
  NotImplemented: 'TargetCapability',

  [endpointRefusedCode]: 'ConfigError/Endpoint',
};

/** Reads what is known of an error of S3's SDK. */
export function describeS3Error(error: unknown): S3Error {
  const metadata = field(error, '$metadata');
  const response = field(error, '$response');
  const headers = field(response, 'headers');
  const status = field(metadata, 'httpStatusCode') ?? field(response, 'statusCode');
  return {
    // Node's code is in `code`, the service's in `Code` or the name.
    code: textField(error, 'code') ?? textField(error, 'Code') ?? textField(error, 'name'),
    status: typeof status === 'number' ? status : undefined,
    requestId: textField(metadata, 'requestId'),
    retryAfterMs: retryAfterMs(textField(headers, 'retry-after')),
    region: textField(error, 'Region') ?? textField(headers, 'x-amz-bucket-region'),
  };
}

/** Gives the class of a failed request to S3. */
export function s3Verdict(error: unknown, seen: S3Error = describeS3Error(error)): S3Verdict {
  const { code = '', status } = seen;
  const known = code.startsWith('KMS.') ? 'TargetForbidden' : classOfCode[code];
  if (known !== undefined) return { failureClass: known, harmless: true };
  if (localFault(error) === 'shortage') return { failureClass: 'WorkerResource', harmless: true };
  if (localFault(error) === 'unreached') return { failureClass: 'TargetNetwork', harmless: true };
  if (status === undefined || status < 300 || status >= 500) return uncertain(status);
  return { failureClass: classOfStatus(status, code), harmless: true };
}

/** Tells whether an answer means that there is no object under the key. A HEAD has no body to say whether it is the bucket. */
export function isAbsent(error: unknown): boolean {
  const { code, status } = describeS3Error(error);
  return code === 'NoSuchKey' || code === 'NotFound' || (status === 404 && code !== 'NoSuchBucket');
}

/** Makes the failure of a request to S3, with a message and a cause that hold no secret. A failure is given back as it is. */
export function s3Failure(error: unknown, request: S3Request): Failure {
  if (error instanceof Failure) return error;
  const seen = describeS3Error(error);
  const { failureClass } = s3Verdict(error, seen);
  const context: FailureContext = {
    cause: sdkError(error, seen),
    what: `target ${request.bucket}`,
    ...(seen.retryAfterMs === undefined ? {} : { retryAfterMs: seen.retryAfterMs }),
  };
  const doing = `${request.doing} in bucket ${request.bucket}`;
  return new Failure(failureClass, `${doing}: ${reason(error, failureClass, seen)}`, context);
}

const reasons: Partial<Record<FailureClass, string>> = {
  TargetThrottled: 'the store asks for fewer requests',
  TargetAuth: 'the credential was refused',
  TargetForbidden: 'the credential is known but not allowed to do this',
  TargetUploadGone: 'there is no such upload',
  TargetRace: 'another writer was at work on the same key',
  ClockSkew: "this machine's clock differs from the store's",
};

function reason(error: unknown, failureClass: FailureClass, seen: S3Error): string {
  const text = specificReason(seen, failureClass) ?? reasons[failureClass] ?? sdkText(error);
  const proof = [seen.status, seen.code, seen.requestId === undefined ? undefined : `request ${seen.requestId}`];
  const known = proof.filter((part) => part !== undefined).join(' ');
  return known === '' ? text : `${text} (${known})`;
}

function specificReason({ code, region, status }: S3Error, failureClass: FailureClass): string | undefined {
  if (code === 'CredentialsProviderError')
    return 'no AWS credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or target.profile';
  if (code?.startsWith('KMS.') === true) return 'the key of target.encryption may not be used';
  if (failureClass !== 'TargetMissing') return undefined;
  if (region !== undefined) return `the bucket is in region ${region}; set target.region`;
  return code === 'NoSuchBucket' || status === 404 ? 'the bucket does not exist' : 'the bucket is not at this endpoint';
}

function sdkText(error: unknown): string {
  return error instanceof Error ? serverText(error.message) : 'unknown error';
}

function uncertain(status: number | undefined): S3Verdict {
  // A broken connection, a timeout, an answer that is none, or a server that gave up half way.
  return { failureClass: status === 503 ? 'TargetThrottled' : 'TargetNetwork', harmless: false };
}

// What the SDK calls an answer without a body, as that to a HEAD.
const codesWithoutBody: ReadonlySet<string> = new Set(['BadRequest', '400', 'Unknown', 'UnknownError', 'Error', '']);

function classOfStatus(status: number, code: string): FailureClass {
  if (status === 401) return 'TargetAuth';
  // Expired and malformed credentials are 400, and a HEAD cannot say so.
  if (status === 400 && codesWithoutBody.has(code)) return 'TargetAuth';
  if (status === 403) return 'TargetForbidden';
  if (status === 404 || (status >= 300 && status < 400)) return 'TargetMissing';
  if (status === 409 || status === 412) return 'TargetRace';
  if (status === 408) return 'TargetNetwork';
  if (status === 429) return 'TargetThrottled';
  return 'Unexpected';
}
