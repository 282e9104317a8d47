import type { BlobDownloadResponseParsed } from '@azure/storage-blob';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import { IdleScope } from '../request/idle-scope.js';
import { readBody, type BodyPatience } from '../request/read-body.js';
import { isStall } from '../request/stall.js';
import type { AzureAccount } from './azure-account.js';
import { azureFailure, type AzureRequest } from './azure-failure.js';
import { requireAddressable } from './azure-names.js';
import { quotedEtag } from './blob-properties.js';
import { headBlob } from './head-blob.js';

/** Where to begin, and how long to wait for the head of an answer and for its body. */
export interface OpenOptions extends BodyPatience {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** How many bytes to skip. */
  readonly offset: number;
}

/**
 * Yields the bytes of the listed version of a blob, from an offset to its end. If it ends well, the length is the
 * listed one and so is, for a whole body, the MD5.
 */
export async function* openBlob(
  account: AzureAccount,
  blob: SourceBlob,
  options: OpenOptions,
): AsyncGenerator<Uint8Array> {
  requireAddressable(blob);
  const { offset, signal } = options;
  if (offset > 0 && offset >= blob.bytes) return;
  const request = { doing: `read ${blobLabel(blob)}`, account: blob.account, blob: blobLabel(blob) };
  const about = { what: `account ${blob.account}`, blob: request.blob };
  const scope = new IdleScope(signal);
  let position = offset;
  let body: Readable | undefined;
  try {
    const answer = await scope.wait(download(account, blob, offset, scope.signal), options.timeoutMs);
    body = requireAnswer(answer, blob, offset, request);
    const md5 = blob.md5 === null || offset > 0 ? undefined : createHash('md5');
    for await (const piece of readBody(body, scope, options)) {
      position += piece.length;
      if (position > blob.bytes) throw wrongLength(request, position, blob.bytes);
      md5?.update(piece);
      yield piece;
    }
    if (position < blob.bytes) {
      const text = `${request.doing}: the body ended after ${position} of ${blob.bytes} bytes`;
      throw new Failure('SourceNetwork/ShortRead', text, about);
    }
    if (md5 !== undefined && md5.digest('base64') !== blob.md5)
      throw new Failure('SourceMd5Mismatch', `${request.doing}: its bytes do not match the MD5 stored with it`, about);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof Failure) throw error;
    throw body === undefined || isStall(error)
      ? await openFailure(error, { account, blob, request }, options)
      : brokenBody(error, request, position, blob);
  } finally {
    body?.destroy();
    scope.end();
  }
}

function download(
  account: AzureAccount,
  blob: SourceBlob,
  offset: number,
  signal: AbortSignal,
): Promise<BlobDownloadResponseParsed> {
  return account.request((service) =>
    service
      .getContainerClient(blob.container)
      .getBlobClient(blob.name)
      // From the start without a range, because an empty blob has none. The SDK's own retries would go unnoticed.
      .download(offset, undefined, { abortSignal: signal, conditions: { ifMatch: blob.etag }, maxRetryRequests: 0 }),
  );
}

function requireAnswer(
  answer: BlobDownloadResponseParsed,
  blob: SourceBlob,
  offset: number,
  request: AzureRequest,
): Readable {
  const body = answer.readableStreamBody;
  if (!(body instanceof Readable)) throw oddAnswer(request, 'it has no body');
  // From here on the connection is freed by reading or destroying the body.
  const refuse = (failure: Failure): Failure => {
    body.on('error', () => undefined).destroy();
    return failure;
  };
  if (answer.etag === undefined || quotedEtag(answer.etag) !== quotedEtag(blob.etag))
    throw refuse(oddAnswer(request, 'it is of another version than the one asked for'));
  if (offset > 0 && answer.contentRange !== `bytes ${offset}-${blob.bytes - 1}/${blob.bytes}`)
    throw refuse(oddAnswer(request, 'it is not the range asked for'));
  const bytes = offset + (answer.contentLength ?? 0);
  if (bytes !== blob.bytes) throw refuse(wrongLength(request, bytes, blob.bytes));
  return body;
}

function oddAnswer({ doing, account, blob }: AzureRequest, what: string): Failure {
  const text = `${doing}: the answer is not what the service sends: ${what}; look for a proxy in between`;
  return new Failure('SourceProtocol', text, { what: `account ${account}`, blob });
}

function wrongLength({ doing, blob }: AzureRequest, bytes: number, listed: number): Failure {
  return new Failure('SourceLengthMismatch', `${doing}: it has ${bytes} bytes, listed were ${listed}`, { blob });
}

async function openFailure(
  error: unknown,
  at: { readonly account: AzureAccount; readonly blob: SourceBlob; readonly request: AzureRequest },
  options: OpenOptions,
): Promise<Failure> {
  const { account, blob, request } = at;
  const failure = azureFailure(error, request);
  if (failure.failureClass !== 'SourceChanged') return failure;
  // Azurite answers 412 where Azure answers 404.
  const now = await headBlob(account, blob, options);
  if (now !== undefined) return failure;
  return new Failure('SourceMissing', `${request.doing}: it was deleted since it was listed`, failure.context);
}

function brokenBody(error: unknown, request: AzureRequest, position: number, blob: SourceBlob): Failure {
  const { cause, what, code } = azureFailure(error, request);
  // The SDK's words for a body that ended too early, and for nothing else, once its own retries are off.
  const short = error instanceof Error && error.message.startsWith('Data corruption failure: received less data');
  const text = `${request.doing}: the connection broke after ${position} of ${blob.bytes} bytes`;
  const context = { cause, what, code, blob: request.blob };
  return new Failure(short ? 'SourceNetwork/ShortRead' : 'SourceNetwork', text, context);
}
