import type { FailureClass } from '../../domain/failure-classes.js';
import { Failure, type FailureContext } from '../../domain/failure.js';
import { endpointRefusedCode } from '../endpoint/guarded-lookup.js';
import { IdleTimeout } from '../request/idle-scope.js';
import { field, textField } from '../request/error-fields.js';
import { localFault } from '../request/local-faults.js';
import { retryAfterMs } from '../request/retry-after.js';
import { sdkError } from '../request/sdk-error.js';
import { serverText } from '../request/server-text.js';

/** What Azure's SDK tells of a failed request. `code` is the service's or Node's. */
export interface AzureError {
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** How far this machine's clock is from the server's, in milliseconds. */
  readonly clockDifferenceMs: number;
}

/** What was being asked of which account. */
export interface AzureRequest {
  /** As `list east/events-2024/t1/`. */
  readonly doing: string;
  readonly account: string;
  /** `account/container/name`, where it is about one blob. */
  readonly blob?: string;
}

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

  [endpointRefusedCode]: 'ConfigError/Endpoint',
};

/** Reads what is known of an error of Azure's SDK. */
export function describeAzureError(error: unknown): AzureError {
  const headers = field(field(error, 'response'), 'headers');
  const header = (name: string): string | undefined => {
    const value: unknown = isHeaders(headers) ? headers.get(name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const status = field(error, 'statusCode');
  const serverMs = Date.parse(header('date') ?? '');
  return {
    code: header('x-ms-error-code') ?? textField(error, 'code') ?? textField(field(error, 'details'), 'errorCode'),
    status: typeof status === 'number' ? status : undefined,
    requestId: header('x-ms-request-id'),
    retryAfterMs: retryAfterMs(header('retry-after')),
    clockDifferenceMs: Number.isNaN(serverMs) ? 0 : Math.abs(Date.now() - serverMs),
  };
}

/** Gives the class of a failed request to Azure. */
export function azureFailureClass(error: unknown, seen: AzureError = describeAzureError(error)): FailureClass {
  if (error instanceof IdleTimeout) return 'SourceStalled';
  const { code = '', status } = seen;
  const known = classOfCode[code] ?? classOfCode[textField(error, 'name') ?? ''];
  if (known === 'SourceAuth' && status !== undefined && seen.clockDifferenceMs > clockDifferenceMaxMs)
    return 'ClockSkew';
  if (known !== undefined) return known;
  if (code.startsWith('Authorization')) return 'SourceForbidden';
  if (localFault(error) === 'shortage') return 'WorkerResource';
  if (textField(error, 'name') === 'AuthenticationError') return classOfTokenError(error);
  return status === undefined ? classWithoutStatus(error, code) : classOfStatus(status);
}

/** Makes the failure of a request to Azure, with a message and a cause that hold no secret. A failure is given back as it is. */
export function azureFailure(error: unknown, request: AzureRequest): Failure {
  if (error instanceof Failure) return error;
  const seen = describeAzureError(error);
  const failureClass = azureFailureClass(error, seen);
  const context: FailureContext = {
    cause: sdkError(error, seen),
    what: `account ${request.account}`,
    ...(request.blob === undefined ? {} : { blob: request.blob }),
    ...(seen.retryAfterMs === undefined ? {} : { retryAfterMs: seen.retryAfterMs }),
  };
  return new Failure(failureClass, `${request.doing}: ${reason(error, failureClass, seen)}`, context);
}

const reasons: Partial<Record<FailureClass, string>> = {
  SourceThrottled: 'the account asks for fewer requests',
  SourceMissing: 'it does not exist',
  SourceChanged: 'it was replaced since it was listed',
  SourceArchived: 'it is in the archive tier, or on its way out of it',
  SourceAuth: 'the credential was refused',
  SourceForbidden: 'the credential is known but not allowed to do this',
  SourceAuthUnavailable: 'no token was to be had',
  ClockSkew: 'the credential was refused because the clocks differ by more than 15 minutes',
};

function reason(error: unknown, failureClass: FailureClass, seen: AzureError): string {
  // Azure's own text on a refused signature contains the signature.
  const text =
    failureClass === 'SourceProtocol' && isUnreadable(error, seen)
      ? 'the answer is not what the service sends; look for a proxy in between'
      : (reasons[failureClass] ?? (error instanceof Error ? serverText(error.message) : 'unknown error'));
  const proof = [seen.status, seen.code, seen.requestId === undefined ? undefined : `request ${seen.requestId}`];
  const known = proof.filter((part) => part !== undefined).join(' ');
  return known === '' ? text : `${text} (${known})`;
}

function classOfStatus(status: number): FailureClass {
  if (status === 401) return 'SourceAuth';
  if (status === 403) return 'SourceForbidden';
  if (status === 404) return 'SourceMissing';
  if (status === 412) return 'SourceChanged';
  if (status === 429 || status === 503) return 'SourceThrottled';
  if (status === 408 || status >= 500) return 'SourceNetwork';
  return 'SourceProtocol';
}

function classWithoutStatus(error: unknown, code: string): FailureClass {
  // A broken connection is an AbortError, an error of Node, or a text that ends too early.
  if (textField(error, 'name') === 'AbortError') return 'SourceNetwork';
  if (code === 'PARSE_ERROR' && /\baborted\b/.test(String(field(error, 'message')))) return 'SourceNetwork';
  return isUnreadable(error, { code }) ? 'SourceProtocol' : 'SourceNetwork';
}

function classOfTokenError(error: unknown): FailureClass {
  const status = field(error, 'statusCode');
  return typeof status === 'number' && status >= 400 && status < 429 ? 'SourceAuth' : 'SourceAuthUnavailable';
}

// The SDK parses what it gets without looking, and stumbles.
function isUnreadable(error: unknown, { code }: Pick<AzureError, 'code'>): boolean {
  return (
    code === 'PARSE_ERROR' || error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError
  );
}

function isHeaders(value: unknown): value is { get(name: string): unknown } {
  return typeof field(value, 'get') === 'function';
}
