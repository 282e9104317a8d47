import { Failure } from '../../domain/failure.js';

/** The format that the bytes of a blob are taken for. */
export type BlobFormat = 'bzip2' | 'gzip' | 'none';

/**
 * Detects the format of a blob by its first bytes, and returns it with the whole body. What begins like bzip2 or gzip
 * counts as that, whatever follows: a compressed blob with early damage must not pass for text. Fails with
 * `CorruptInput/EmptyFile` if there are no bytes.
 */
export async function detectFormat(
  body: AsyncIterable<Uint8Array>,
  label: string,
): Promise<{ readonly format: BlobFormat; readonly body: AsyncGenerator<Uint8Array> }> {
  const rest: AsyncIterator<Uint8Array, unknown> = body[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < headBytes) {
    const { done, value } = await rest.next();
    if (done === true) break;
    pieces.push(value);
    bytes += value.length;
  }
  if (bytes === 0) {
    const message = `${label} has 0 bytes, and transform.decompress: auto cannot tell what they should be`;
    throw new Failure('CorruptInput/EmptyFile', message, { blob: label });
  }
  return { format: formatOf(Buffer.concat(pieces)), body: again(pieces, rest) };
}

const headBytes = 4;

/** Returns the format that the first bytes look like. */
export function formatOf(head: Uint8Array): BlobFormat {
  const [first, second, third, level = 0] = head;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  const isBzip2 = first === 0x42 && second === 0x5a && third === 0x68 && level >= 0x31 && level <= 0x39;
  return isBzip2 ? 'bzip2' : 'none';
}

async function* again(
  pieces: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array, unknown>,
): AsyncGenerator<Uint8Array> {
  let ended = false;
  try {
    yield* pieces;
    for (;;) {
      const { done, value } = await rest.next();
      if (done === true) {
        ended = true;
        return;
      }
      yield value;
    }
  } finally {
    if (!ended) await rest.return?.();
  }
}
