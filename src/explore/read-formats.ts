import { Failure } from '../domain/failure.js';
import { settled } from '../flow/settled.js';
import type { SeenBlob } from '../shapes/name-group.js';
import type { ExploredSource } from './explored-source.js';
import { type BytesFormat, formatOf, headBytes } from './format-of.js';

/**
 * Reads the first bytes of a few blobs and returns their formats, each once. A blob that cannot be read, perhaps
 * because it is archived or the credential may only list, has none.
 */
export async function readFormats(
  source: Pick<ExploredSource, 'open'>,
  account: string,
  samples: readonly SeenBlob[],
  signal: AbortSignal,
): Promise<readonly BytesFormat[]> {
  const formats = new Set<BytesFormat>();
  for (const { container, name, etag, bytes } of samples) {
    if (bytes === 0) continue;
    const blob = { account, container, name, etag, bytes, md5: null };
    const head = await settled(readHead(source, blob, signal));
    signal.throwIfAborted();
    if ('value' in head) formats.add(formatOf(head.value));
    else if (!(head.error instanceof Failure)) throw head.error;
  }
  return [...formats].sort();
}

async function readHead(
  source: Pick<ExploredSource, 'open'>,
  blob: Parameters<ExploredSource['open']>[0],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source.open(blob, signal)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, headBytes);
}
