import type { BlobServiceClient } from '@azure/storage-blob';
import { Readable } from 'node:stream';
import type { SourceBlob } from '../../domain/manifest.js';
import type { HttpAnswer, HttpLimits } from '../http/exchange.js';
import type { RawHeaders } from '../http/raw-headers.js';
import { IdleScope } from '../request/idle-scope.js';
import { readBody, type BodyPatience } from '../request/read-body.js';
import type { AzureAccount } from './azure-account.js';
import type { AzureRead } from './lean/azure-access.js';

/** Where to begin, and how long to wait for the head of an answer and for its body. */
export interface OpenOptions extends Required<BodyPatience> {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** How many bytes to skip. */
  readonly offset: number;
}

/** What the head of an answer says. */
export interface BlobHead {
  readonly etag?: string | undefined;
  readonly contentRange?: string | undefined;
  readonly contentLength?: number | undefined;
}

/** Which blob to open, and what to do with the head of the answer before its body is read. */
export interface Opening {
  readonly blob: SourceBlob;
  readonly check: (head: BlobHead) => void;
}

/** Larger bodies are streamed; the callers have room for smaller ones. */
export const wholeBytesMax = 4 * 1024 * 1024;

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Opens a body whose head is accepted. Whoever reads it ends the request by ending the iteration. */
export async function openBody(account: AzureAccount, opening: Opening, options: OpenOptions): Promise<Pieces> {
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
