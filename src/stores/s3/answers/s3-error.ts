import { field, textField } from '../../request/error-fields.js';
import { retryAfterMs } from '../../request/retry-after.js';
import { serverWord } from '../../request/server-text.js';

/** What S3's SDK says about a failed request. `code` is the service's or Node's; undefined if neither names one. */
export interface S3Error {
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The region in which the bucket really is, if the answer says so. */
  readonly region: string | undefined;
  /** The host that a redirect names. */
  readonly redirectHost: string | undefined;
}

// The SDK's names for an error whose answer names none, such as that to a HEAD or the page of a proxy.
const namesOfNothing: ReadonlySet<string> = new Set(['Unknown', 'UnknownError', 'Error', 'NotFound']);

/** Returns what an error of S3's SDK says. */
export function describeS3Error(error: unknown): S3Error {
  const metadata = field(error, '$metadata');
  const response = field(error, '$response');
  const headers = field(response, 'headers');
  const status = field(metadata, 'httpStatusCode') ?? field(response, 'statusCode');
  // Node's code is in `code`, the service's in `Code` or the name.
  const code = textField(error, 'code') ?? textField(error, 'Code') ?? textField(error, 'name') ?? '';
  return {
    code: namesOfNothing.has(code) ? undefined : serverWord(code),
    status: typeof status === 'number' ? status : undefined,
    requestId: serverWord(textField(metadata, 'requestId')),
    retryAfterMs: retryAfterMs(textField(headers, 'retry-after')),
    region: serverWord(textField(error, 'Region') ?? textField(headers, 'x-amz-bucket-region')),
    redirectHost: serverWord(textField(error, 'Endpoint')) ?? hostOf(textField(headers, 'location')),
  };
}

/**
 * Reports whether an answer says that there is no object under the key. The answer to a HEAD cannot say so: see
 * {@link headObject}.
 */
export function isAbsent(error: unknown): boolean {
  return describeS3Error(error).code === 'NoSuchKey';
}

function hostOf(location = ''): string | undefined {
  return URL.canParse(location) ? serverWord(new URL(location).host) : undefined;
}
