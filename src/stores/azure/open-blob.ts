import type { BlobDownloadResponseParsed } from '@azure/storage-blob';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import { IdleScope, IdleTimeout } from '../request/idle-scope.js';
import { readBody } from '../request/read-body.js';
import type { AzureAccount } from './azure-account.js';
import { type AzureRequest, azureFailure } from './azure-failures.js';
import { requireAddressable } from './azure-names.js';
import { headBlob } from './head-blob.js';
import { quoted } from './list-blobs.js';

/** How long to wait for the head of an answer, and for the next bytes of its body. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly idleMs: number;
}

/** Gives the body of the listed version of a blob; when it ends well, length and MD5 are those listed. */
export async function* openBlob(
  account: AzureAccount,
  blob: SourceBlob,
  options: OpenOptions,
): AsyncGenerator<Uint8Array> {
  requireAddressable(blob);
  const request = { doing: `read ${blobLabel(blob)}`, account: blob.account, blob: blobLabel(blob) };
  const scope = new IdleScope(options.signal);
  let received = 0;
  let body: Readable | undefined;
  try {
    const answer = await scope.wait(download(account, blob, scope.signal), options.timeoutMs);
    body = requireAnswer(answer, blob, request);
    const md5 = blob.md5 === null ? undefined : createHash('md5');
    for await (const piece of readBody(body, scope, options.idleMs)) {
      received += piece.length;
      if (received > blob.bytes) throw wrongLength(request, received, blob.bytes);
      md5?.update(piece);
      yield piece;
    }
    if (received < blob.bytes)
      throw new Failure(
        'SourceNetwork/ShortRead',
        `${request.doing}: the body ended after ${received} of ${blob.bytes} bytes`,
        {
          what: `account ${blob.account}`,
          blob: request.blob,
        },
      );
    if (md5 !== undefined && md5.digest('base64') !== blob.md5)
      throw new Failure('SourceMd5Mismatch', `${request.doing}: its bytes do not match the MD5 stored with it`, {
        blob: request.blob,
      });
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    throw await openFailure(error, { account, blob, request, received, bodyBegun: body !== undefined }, options);
  } finally {
    body?.destroy();
    scope.end();
  }
}

function download(account: AzureAccount, blob: SourceBlob, signal: AbortSignal): Promise<BlobDownloadResponseParsed> {
  return account.request((service) =>
    service
      .getContainerClient(blob.container)
      .getBlobClient(blob.name)
      // No range, because an empty blob has none; no retries inside the body, because they would be hidden ones.
      .download(0, undefined, { abortSignal: signal, conditions: { ifMatch: blob.etag }, maxRetryRequests: 0 }),
  );
}

function requireAnswer(answer: BlobDownloadResponseParsed, blob: SourceBlob, request: AzureRequest): Readable {
  const body = answer.readableStreamBody;
  if (!(body instanceof Readable)) throw new Failure('SourceProtocol', `${request.doing}: the answer has no body`);
  // From here on the connection is freed by reading or destroying the body.
  const refuse = (failure: Failure): Failure => {
    body.on('error', () => undefined).destroy();
    return failure;
  };
  if (answer.etag === undefined || quoted(answer.etag) !== quoted(blob.etag))
    throw refuse(new Failure('SourceProtocol', `${request.doing}: the answer is of another version than asked for`));
  if (answer.contentLength !== blob.bytes) throw refuse(wrongLength(request, answer.contentLength ?? 0, blob.bytes));
  return body;
}

function wrongLength(request: AzureRequest, bytes: number, listed: number): Failure {
  return new Failure('SourceLengthMismatch', `${request.doing}: it has ${bytes} bytes, listed were ${listed}`, {
    ...(request.blob === undefined ? {} : { blob: request.blob }),
  });
}

async function openFailure(
  error: unknown,
  at: {
    readonly account: AzureAccount;
    readonly blob: SourceBlob;
    readonly request: AzureRequest;
    readonly received: number;
    readonly bodyBegun: boolean;
  },
  options: OpenOptions,
): Promise<Failure> {
  const { account, blob, request, received } = at;
  if (error instanceof Failure) return error;
  if (at.bodyBegun && !(error instanceof IdleTimeout)) return brokenBody(error, request, received, blob);
  const failure = azureFailure(error, request);
  if (failure.failureClass !== 'SourceChanged') return failure;
  // The local server answers 412 where Azure answers 404.
  const now = await headBlob(account, blob, options);
  return now === undefined
    ? new Failure('SourceMissing', `${request.doing}: it was deleted since it was listed`, { blob: blobLabel(blob) })
    : failure;
}

function brokenBody(error: unknown, request: AzureRequest, received: number, blob: SourceBlob): Failure {
  const { cause } = azureFailure(error, request);
  // The SDK's word for a body that ended too early, and for nothing else, once its own retries are off.
  const short = error instanceof Error && error.message.startsWith('Data corruption failure: received less data');
  const text = `${request.doing}: the connection broke after ${received} of ${blob.bytes} bytes`;
  return new Failure(short ? 'SourceNetwork/ShortRead' : 'SourceNetwork', text, {
    cause,
    what: `account ${request.account}`,
    blob: blobLabel(blob),
  });
}
