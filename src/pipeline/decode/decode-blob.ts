import type { TransformDefinition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import { checkBlobBytes, type BlobLimits, type DecodedBlob } from './blob-rules.js';
import { decodeBzip2 } from './bzip2/decode-bzip2.js';
import { detectFormat, type BlobFormat } from './detect-format.js';
import { decodeGzip } from './gzip/decode-gzip.js';
import { StreamHeads } from './stream-heads.js';

/** How a blob of a migration is decoded. */
export interface DecodeBlobOptions {
  readonly transform: Pick<TransformDefinition, 'decompress' | 'trailingGarbage'>;
  readonly limits: BlobLimits;
  /** Names the blob in errors, as `account/container/name`. */
  readonly label: string;
  readonly signal?: AbortSignal;
}

/** What was found in a whole blob, and what format it was taken for. A blob taken as it is has no streams. */
export interface BlobVerdict extends DecodedBlob {
  readonly format: BlobFormat;
}

/**
 * Decodes one blob as a migration does: as the format of `transform.decompress`, or, under `auto`, of its first bytes.
 * Yields pieces that the caller owns, none of which counts before the last one has come, and returns the verdict. The
 * result does not depend on how the bytes of `body` are cut.
 *
 * Fails with a class below `CorruptInput` if the bytes are not whole, with a `BlobDamage` that names stream, block and
 * offset as its cause; with `LimitExceeded/…` as soon as more comes out than allowed; with the reason of `signal` when
 * that is aborted; and with whatever `body` fails with. Closes `body` if the caller stops early.
 */
export async function* decodeBlob(
  body: AsyncIterable<Uint8Array>,
  options: DecodeBlobOptions,
): AsyncGenerator<Uint8Array, BlobVerdict> {
  const { transform, label } = options;
  if (transform.decompress !== 'auto') return yield* decodeAs(transform.decompress, body, options);
  const { format, body: whole } = await detectFormat(body, label);
  return yield* decodeAs(format, whole, options);
}

async function* decodeAs(
  format: BlobFormat,
  body: AsyncIterable<Uint8Array>,
  options: DecodeBlobOptions,
): AsyncGenerator<Uint8Array, BlobVerdict> {
  if (format === 'none') return { format, ...(yield* takeAsIs(body, options)) };
  const { transform, ...rest } = options;
  const rules = { ...rest, trailingGarbage: transform.trailingGarbage };
  const decode = format === 'bzip2' ? decodeBzip2 : decodeGzip;
  if (transform.trailingGarbage === 'fail') return { format, ...(yield* decode(body, rules)) };
  const heads = new StreamHeads(format);
  const verdict = { format, ...(yield* decode(heads.watch(body), rules)) };
  failOnLaterStream(verdict, heads, options.label);
  return verdict;
}

/** Bytes that are ignored after the last stream must not contain another one: that would be lost data, not garbage. */
function failOnLaterStream({ format, trailing }: BlobVerdict, heads: StreamHeads, label: string): void {
  if (trailing === undefined || heads.lastOffset < trailing.offset) return;
  throw new Failure(
    'CorruptInput/TrailingGarbage',
    `${label} is not whole ${format}: another stream (byte offset ${String(heads.lastOffset)}) follows bytes ` +
      `that are not ${format} (byte offset ${String(trailing.offset)}); ` +
      'such bytes are only ignored at the end of a blob',
    { blob: label },
  );
}

async function* takeAsIs(
  body: AsyncIterable<Uint8Array>,
  { limits, label, signal }: DecodeBlobOptions,
): AsyncGenerator<Uint8Array, DecodedBlob> {
  let bytes = 0;
  for await (const piece of body) {
    signal?.throwIfAborted();
    bytes += piece.length;
    checkBlobBytes(bytes, { limits, label });
    if (piece.length > 0) yield piece;
  }
  return { streams: 0, compressedBytes: bytes, decodedBytes: bytes };
}
