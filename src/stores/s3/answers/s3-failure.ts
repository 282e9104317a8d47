import type { FailureClass } from '../../../domain/failure-classes.js';
import { Failure } from '../../../domain/failure.js';
import { blamedStore } from '../../request/blamed-store.js';
import { localFaultText } from '../../request/local-faults.js';
import { sdkError } from '../../request/sdk-error.js';
import { serverText } from '../../request/server-text.js';
import { describeS3Error, type S3Error } from './s3-error.js';
import { s3Verdict, setupProblem } from './s3-verdict.js';

/** What was asked of which bucket. `doing` is, for example, `put orders/1.json.gz`. */
export interface S3Request {
  readonly doing: string;
  readonly bucket: string;
}

/**
 * Makes the failure of a request to S3; neither its message nor its cause holds a secret. A failure is returned as it
 * is.
 */
export function s3Failure(error: unknown, request: S3Request): Failure {
  if (error instanceof Failure) return error;
  const seen = describeS3Error(error);
  const { failureClass } = s3Verdict(error, seen);
  const doing = `${request.doing} in bucket ${request.bucket}`;
  return new Failure(failureClass, `${doing}: ${reason(error, failureClass, seen)}`, {
    cause: sdkError(error, seen),
    what: blamedStore(failureClass, `target ${request.bucket}`),
    status: seen.status,
    code: seen.code,
    retryAfterMs: seen.retryAfterMs,
  });
}

function reason(error: unknown, failureClass: FailureClass, seen: S3Error): string {
  const text = setupProblem(error) ?? reasonOfCode(seen) ?? reasonOfClass(error, failureClass, seen);
  const proof = [seen.status, seen.code, seen.requestId === undefined ? undefined : `request ${seen.requestId}`];
  const known = proof.filter((part) => part !== undefined).join(' ');
  return known === '' ? text : `${text} (${known})`;
}

function reasonOfCode({ code = '' }: S3Error): string | undefined {
  if (code.startsWith('KMS.')) return 'the key of target.encryption may not be used';
  if (code === 'CredentialsProviderError')
    return (
      'no AWS credentials were found; ' +
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or target.profile'
    );
  if (code === 'AccountProblem' || code === 'AllAccessDisabled') return 'the account is closed; ask its provider';
  return code === 'KeyTooLongError' ? 'the key is longer than the store accepts' : undefined;
}

function reasonOfClass(error: unknown, failureClass: FailureClass, seen: S3Error): string {
  switch (failureClass) {
    case 'TargetThrottled':
      return 'the store asks for fewer requests';
    case 'TargetAuth':
      return 'the credential was refused';
    case 'TargetForbidden':
      return 'the credential is known but not allowed to do this';
    case 'TargetMissing':
      return missingText(seen);
    case 'TargetFull':
      return 'the store has no room left, or a quota is used up';
    case 'TargetUploadGone':
      return 'there is no such upload';
    case 'TargetRace':
      return 'another writer was at work on the same key';
    case 'ClockSkew':
      return "this machine's clock differs from the store's";
    default:
      return otherText(error, seen);
  }
}

function missingText({ code, status = 0, region, redirectHost }: S3Error): string {
  if (region !== undefined) return `the bucket is in region ${region}; set target.region`;
  if (redirectHost !== undefined)
    return `the server redirects to ${redirectHost}, which is not followed; correct target.endpoint or target.region`;
  if (code === 'NoSuchBucket' || status === 404) return 'the bucket does not exist';
  return 'the bucket is not at this endpoint; correct target.endpoint or target.region';
}

function otherText(error: unknown, { code, status = 0 }: S3Error): string {
  const local = localFaultText(error);
  if (local !== undefined) return local;
  if (status >= 200 && status < 300) return 'the answer is not what a store sends; look for a proxy in between';
  if (status === 413) return 'the request is larger than the store, or a proxy in between, accepts';
  const text = error instanceof Error ? serverText(error.message) : '';
  // Without a code the SDK has nothing to say.
  if (text !== '' && (code !== undefined || status === 0)) return text;
  return status === 0 ? 'no reason was given' : 'the store refuses this request';
}
