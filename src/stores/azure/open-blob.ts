import type { BlobServiceClient } from '@azure/storage-blob';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import type { HttpAnswer, HttpLimits } from '../http/exchange.js';
import type { RawHeaders } from '../http/raw-headers.js';
import { IdleScope } from '../request/idle-scope.js';
import { readBody, type BodyPatience } from '../request/read-body.js';
import { isStall } from '../request/stall.js';
import type { AzureAccount } from './azure-account.js';
import { azureFailure, type AzureRequest } from './azure-failure.js';
import { requireAddressable } from './azure-names.js';
import { quotedEtag } from './blob-properties.js';
import { headBlob } from './head-blob.js';
import type { AzureRead } from './lean/azure-access.js';

/** Where to begin, and how long to wait for the head of an answer and for its body. */
export interface OpenOptions extends Required<BodyPatience> {
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
  let position = offset;
  const answer = { isAccepted: false };
  const check = (head: BlobHead): void => {
    requireAnswer(head, blob, offset, request);
    answer.isAccepted = true;
  };
  try {
    const body = await openBody(account, { blob, check }, options);
    const md5 = blob.md5 === null || offset > 0 ? undefined : createHash('md5');
    for await (const piece of body) {
      position += piece.length;
      if (position > blob.bytes) throw wrongLength(request, position, blob.bytes);
      md5?.update(piece);
      yield piece;
      // All of a small body is there before its first piece is passed on.
      signal.throwIfAborted();
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
    throw !answer.isAccepted || isStall(error)
      ? await openFailure(error, { account, blob, request }, options)
      : brokenBody(error, request, position, blob);
  }
}

/** What the head of an answer says. */
interface BlobHead {
  readonly etag?: string | undefined;
  readonly contentRange?: string | undefined;
  readonly contentLength?: number | undefined;
}

/** Which blob to open, and what to do with the head of the answer before its body is read. */
interface Opening {
  readonly blob: SourceBlob;
  readonly check: (head: BlobHead) => void;
}

/** Larger bodies are streamed; the callers have room for smaller ones. */
const wholeBytesMax = 4 * 1024 * 1024;

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Opens a body whose head is accepted. Whoever reads it ends the request by ending the iteration. */
async function openBody(account: AzureAccount, opening: Opening, options: OpenOptions): Promise<Pieces> {
  const { blob } = opening;
  const { offset } = options;
  if (blob.bytes - offset <= wholeBytesMax)
    return account.leanRequest<Pieces>(
      async (access) => piecesOf(await access.read(leanRead(blob, offset), wholeLimits(opening, options))),
      (service) => streamBySdk(service, opening, options),
    );
  return account.leanRequest(
    (access) =>
      streamed(opening, options, async (scope) => {
        const { headers, body } = await access.stream(leanRead(blob, offset), scope.signal);
        return { head: headOf(headers), body };
      }),
    (service) => streamBySdk(service, opening, options),
  );
}

function leanRead({ container, name, etag }: SourceBlob, offset: number): AzureRead {
  return { container, blob: name, ifMatch: etag, offset };
}

function wholeLimits({ check }: Opening, { signal, timeoutMs, idleMs, slowest }: OpenOptions): HttpLimits {
  return {
    signal,
    timeoutMs,
    body: { idleMs, slowest },
    bytesMax: wholeBytesMax,
    accept: ({ status, headers }) => {
      if (status < 300) check(headOf(headers));
    },
  };
}

function headOf(headers: RawHeaders): BlobHead {
  const length = headers.get('content-length');
  return {
    etag: headers.get('etag'),
    contentRange: headers.get('content-range'),
    contentLength: length === undefined ? undefined : Number(length),
  };
}

function* piecesOf({ pieces, broken }: HttpAnswer): Generator<Uint8Array> {
  yield* pieces;
  if (broken !== undefined) throw broken.reason;
}

function streamBySdk(
  service: BlobServiceClient,
  opening: Opening,
  options: OpenOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const { blob } = opening;
  return streamed(opening, options, async ({ signal: abortSignal }) => {
    const answer = await service
      .getContainerClient(blob.container)
      .getBlobClient(blob.name)
      // From the start without a range, because an empty blob has none. The SDK's own retries would go unnoticed.
      .download(options.offset, undefined, { abortSignal, conditions: { ifMatch: blob.etag }, maxRetryRequests: 0 });
    return { head: answer, body: answer.readableStreamBody };
  });
}

/** Returns the pieces of a body that is read as it arrives. */
async function streamed(
  { check }: Opening,
  options: OpenOptions,
  open: (scope: IdleScope) => Promise<{ readonly head: BlobHead; readonly body: unknown }>,
): Promise<AsyncIterable<Uint8Array>> {
  const scope = new IdleScope(options.signal);
  try {
    const { head, body } = await scope.wait(open(scope), options.timeoutMs);
    try {
      check(head);
      if (body instanceof Readable) return readToEnd(body, scope, options);
    } catch (error) {
      // From here on the connection is freed by reading or destroying the body.
      if (body instanceof Readable) body.on('error', () => undefined).destroy();
      throw error;
    }
    throw new TypeError('the answer has no body');
  } catch (error) {
    scope.end();
    throw error;
  }
}

async function* readToEnd(body: Readable, scope: IdleScope, patience: BodyPatience): AsyncGenerator<Uint8Array> {
  try {
    yield* readBody(body, scope, patience);
  } finally {
    scope.end();
  }
}

function requireAnswer(head: BlobHead, blob: SourceBlob, offset: number, request: AzureRequest): void {
  if (head.etag === undefined || quotedEtag(head.etag) !== quotedEtag(blob.etag))
    throw oddAnswer(request, 'it is of another version than the one asked for');
  if (offset > 0 && head.contentRange !== `bytes ${offset}-${blob.bytes - 1}/${blob.bytes}`)
    throw oddAnswer(request, 'it is not the range asked for');
  const bytes = offset + (head.contentLength ?? 0);
  if (bytes !== blob.bytes) throw wrongLength(request, bytes, blob.bytes);
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
