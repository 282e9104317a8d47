import { field, textField } from '../request/error-fields.js';
import { retryAfterMs } from '../request/retry-after.js';
import { serverWord } from '../request/server-text.js';

/** What Azure's SDK says about a failed request. `code` is the service's or Node's. */
export interface AzureError {
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** How far this machine's clock is from the server's, in milliseconds. */
  readonly clockDifferenceMs: number;
  /** Whether the answer names the service, as all of Azure's do, and a proxy's do not. */
  readonly isOfService: boolean;
  /** The host that a redirect names. */
  readonly redirectHost: string | undefined;
}

/** Returns what an error of Azure's SDK says. */
export function describeAzureError(error: unknown): AzureError {
  const headers = field(field(error, 'response'), 'headers');
  const header = (name: string): string | undefined => {
    const value: unknown = isHeaders(headers) ? headers.get(name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const status = field(error, 'statusCode');
  const serverMs = Date.parse(header('date') ?? '');
  const code = header('x-ms-error-code') ?? textField(error, 'code') ?? textField(field(error, 'details'), 'errorCode');
  return {
    code: serverWord(code),
    status: typeof status === 'number' ? status : undefined,
    requestId: serverWord(header('x-ms-request-id')),
    retryAfterMs: retryAfterMs(header('retry-after')),
    clockDifferenceMs: Number.isNaN(serverMs) ? 0 : Math.abs(Date.now() - serverMs),
    isOfService: ['x-ms-error-code', 'x-ms-request-id', 'x-ms-version'].some((name) => header(name) !== undefined),
    redirectHost: hostOf(header('location')),
  };
}

function hostOf(location = ''): string | undefined {
  return URL.canParse(location) ? serverWord(new URL(location).host) : undefined;
}

function isHeaders(value: unknown): value is { get(name: string): unknown } {
  return typeof field(value, 'get') === 'function';
}
