import { Failure } from '../../domain/failure.js';
import { blobLabel, type SourceBlob } from '../../domain/manifest.js';
import { isStall } from '../request/stall.js';
import type { AzureAccount } from './azure-account.js';
import { azureFailure, type AzureRequest } from './azure-failure.js';
import { quotedEtag } from './blob-properties.js';
import { headBlob } from './head-blob.js';
import type { BlobHead, Opening, OpenOptions } from './open-body.js';

/** The reading of one body: how far it has come, whether that can be right, and what a failure says. */
export class BlobReading implements Opening {
  /** Where the next byte belongs. */
  position: number;
  readonly #request: AzureRequest & { readonly blob: string };
  #isAccepted = false;

  constructor(
    private readonly account: AzureAccount,
    readonly blob: SourceBlob,
    private readonly options: OpenOptions,
  ) {
    const label = blobLabel(blob);
    this.#request = { doing: `read ${label}`, account: blob.account, blob: label };
    this.position = options.offset;
  }

  /** Accepts or refuses the head of the answer. */
  readonly check = (head: BlobHead): void => {
    requireAnswer(head, this.blob, this.options.offset, this.#request);
    this.#isAccepted = true;
  };

  take(piece: Uint8Array): void {
    this.position += piece.length;
    if (this.position > this.blob.bytes) throw wrongLength(this.#request, this.position, this.blob.bytes);
  }

  /** Throws if a body that has ended is too short, or if it is whole and has another MD5 than listed. */
  requireEnd(md5: () => string | undefined): void {
    const { doing, account, blob: label } = this.#request;
    const about = { what: `account ${account}`, blob: label };
    const { bytes, md5: listed } = this.blob;
    if (this.position < bytes) {
      const text = `${doing}: the body ended after ${this.position} of ${bytes} bytes`;
      throw new Failure('SourceNetwork/ShortRead', text, about);
    }
    if (listed !== null && this.options.offset === 0 && md5() !== listed)
      throw new Failure('SourceMd5Mismatch', `${doing}: its bytes do not match the MD5 stored with it`, about);
  }

  /** Returns what to reject with for anything that was thrown while the blob was opened and read. */
  async failureOf(error: unknown): Promise<unknown> {
    const { account, blob, options } = this;
    if (options.signal.aborted) return options.signal.reason;
    if (error instanceof Failure) return error;
    return !this.#isAccepted || isStall(error)
      ? await openFailure(error, { account, blob, request: this.#request }, options)
      : brokenBody(error, this.#request, this.position, blob);
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
