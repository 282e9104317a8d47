import type { FailureClass } from '../../domain/failure-classes.js';
import { Failure } from '../../domain/failure.js';
import { endpointRefusedCode } from '../endpoint/guarded-lookup.js';
import { AnswerTooLarge } from '../request/answer-too-large.js';
import { field, textField } from '../request/error-fields.js';
import { localFault } from '../request/local-faults.js';
import { isStall } from '../request/stall.js';
import { describeAzureError, type AzureError } from './azure-error.js';

// Azure refuses dates further off than this.
const clockDifferenceMaxMs = 15 * 60_000;

const classOfCode: Readonly<Record<string, FailureClass>> = {
  ServerBusy: 'SourceThrottled',
  OperationTimedOut: 'SourceThrottled',
  TooManyRequests: 'SourceThrottled',

  ContainerNotFound: 'SourceMissing',
  ContainerBeingDeleted: 'SourceMissing',
  ContainerDisabled: 'SourceMissing',
  BlobNotFound: 'SourceMissing',
  ResourceNotFound: 'SourceMissing',
  ConditionNotMet: 'SourceChanged',
  BlobArchived: 'SourceArchived',
  BlobBeingRehydrated: 'SourceArchived',

  AuthenticationFailed: 'SourceAuth',
  InvalidAuthenticationInfo: 'SourceAuth',
  NoAuthenticationInformation: 'SourceAuth',
  AuthorizationFailure: 'SourceForbidden',
  AccountIsDisabled: 'SourceForbidden',
  InsufficientAccountPermissions: 'SourceForbidden',
  KeyBasedAuthenticationNotPermitted: 'SourceForbidden',
  PublicAccessNotPermitted: 'SourceForbidden',

  // The identity chain: nothing configured, refused, or a token endpoint that does not answer.
  AggregateAuthenticationError: 'SourceAuth',
  AuthenticationRequiredError: 'SourceAuth',
  CredentialUnavailableError: 'SourceAuthUnavailable',
  TokenEndpointDown: 'SourceAuthUnavailable',

  [endpointRefusedCode]: 'ConfigError/Endpoint',
};

/** Returns the class of a failed request to Azure. */
export function azureFailureClass(error: unknown, seen: AzureError = describeAzureError(error)): FailureClass {
  if (error instanceof Failure) return error.failureClass;
  if (isStall(error)) return 'SourceStalled';
  const { code = '', status } = seen;
  const known = classOfCode[code] ?? classOfCode[textField(error, 'name') ?? ''];
  if (known === 'SourceAuth' && status !== undefined && seen.clockDifferenceMs > clockDifferenceMaxMs)
    return 'ClockSkew';
  if (known !== undefined) return known;
  if (code.startsWith('Authorization')) return 'SourceForbidden';
  const local = localFault(error);
  if (local === 'shortage') return 'WorkerResource';
  if (local === 'file') return 'ConfigError/Credential';
  if (textField(error, 'name') === 'AuthenticationError') return classOfTokenError(error);
  return status === undefined ? classWithoutStatus(error, seen) : classOfStatus(status, seen);
}

/** Reports whether an answer is not what the service sends: the SDK parses it without checking, and stumbles. */
export function isUnreadable(error: unknown, { code }: Pick<AzureError, 'code'>): boolean {
  return (
    code === 'PARSE_ERROR' ||
    error instanceof AnswerTooLarge ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof URIError ||
    error instanceof SyntaxError
  );
}

function classOfStatus(status: number, seen: AzureError): FailureClass {
  switch (status) {
    case 401:
      return 'SourceAuth';
    case 403:
      return 'SourceForbidden';
    case 404:
      // The 404 of a proxy must not pass for "no such blob".
      return seen.isOfService ? 'SourceMissing' : 'SourceProtocol';
    case 408:
      return 'SourceNetwork';
    case 412:
      return 'SourceChanged';
    case 429:
    case 503:
      return 'SourceThrottled';
    // A proxy wants a password, the answer is about a range that was not requested, or a network wants somebody to
    // sign in.
    case 407:
    case 416:
    case 511:
      return 'SourceProtocol';
    case 501:
    case 505:
      return 'SourceRefused';
    default:
      if (status >= 500) return 'SourceNetwork';
      return status >= 400 ? 'SourceRefused' : 'SourceProtocol';
  }
}

function classWithoutStatus(error: unknown, { code }: AzureError): FailureClass {
  // A broken connection is an AbortError, an error of Node, or a text that ends too early.
  if (textField(error, 'name') === 'AbortError') return 'SourceNetwork';
  if (code === 'PARSE_ERROR' && /\baborted\b/.test(textField(error, 'message') ?? '')) return 'SourceNetwork';
  return isUnreadable(error, { code }) ? 'SourceProtocol' : 'SourceNetwork';
}

function classOfTokenError(error: unknown): FailureClass {
  const status = field(error, 'statusCode');
  return typeof status === 'number' && status >= 400 && status < 429 ? 'SourceAuth' : 'SourceAuthUnavailable';
}
