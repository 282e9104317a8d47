import { setImmediate as nextTurn } from 'node:timers/promises';
import unbzip2 from 'unbzip2-stream';
import type { FailureClass } from '../../domain/failure-classes.js';
import { Failure } from '../../domain/failure.js';
import { checkBlobBytes, checkExpansion, type BlobLimits } from '../decode/blob-rules.js';

// Between two turns of the event loop, so that heartbeats go out while a large blob is decoded.
const decodedBetweenTurnsBytes = 4 * 1024 * 1024;
// unbzip2-stream decodes all blocks of a write in one go; small writes keep that to a block or two.
const writeBytes = 32 * 1024;

/**
 * Decodes one bzip2 blob with unbzip2-stream: all its streams, with block and stream checksums checked. `label` names
 * the blob in errors. Fails with a class below `CorruptInput` if the bytes are not whole bzip2, and with
 * `LimitExceeded/…` as soon as more comes out than allowed.
 *
 * unbzip2-stream has traps that this guards against: it accepts no bytes at all, takes an empty chunk for damage, and
 * continues to `end` after some errors.
 */
export async function* decodeByUnbzip2(
  body: AsyncIterable<Uint8Array>,
  limits: BlobLimits,
  label: string,
): AsyncGenerator<Uint8Array> {
  const head: number[] = [];
  let compressed = 0;
  let decoded = 0;
  let sinceTurn = 0;
  const decoder = new BlockDecoder(label, (block) => {
    decoded += block.length;
    checkBlobBytes(decoded, { limits, label });
    checkExpansion(decoded, compressed, { limits, label });
  });
  for await (const piece of body) {
    for (let start = 0; start < piece.length; start += writeBytes) {
      const bytes = piece.subarray(start, start + writeBytes);
      for (let index = 0; head.length < magicBytes && index < bytes.length; index += 1) head.push(bytes[index] ?? 0);
      checkMagic(head, label);
      compressed += bytes.length;
      for (const block of decoder.write(bytes)) {
        sinceTurn += block.length;
        yield block;
      }
      if (sinceTurn >= decodedBetweenTurnsBytes) {
        sinceTurn = 0;
        await nextTurn();
      }
    }
  }
  if (compressed === 0)
    throw new Failure('CorruptInput/EmptyFile', `${label} has 0 bytes; even an empty bzip2 stream has 14`, {
      blob: label,
    });
  for (const block of decoder.end()) yield block;
}

/**
 * unbzip2-stream driven by hand: it works synchronously, so each write returns its blocks at once and its first error
 * ends everything. So does an error of `check`: otherwise a single write of a bomb would decode all of it.
 */
class BlockDecoder {
  readonly #stream = unbzip2();
  #blocks: Uint8Array[] = [];
  #failure: Failure | undefined;
  #ended = false;

  constructor(
    readonly label: string,
    check: (block: Uint8Array) => void,
  ) {
    this.#stream.on('data', (block: Uint8Array) => {
      check(block);
      this.#blocks.push(block);
    });
    this.#stream.on('error', (error: unknown) => {
      this.#failure ??= error instanceof Failure ? error : classify(error, this.label);
    });
    this.#stream.on('end', () => {
      this.#ended = true;
    });
  }

  write(bytes: Uint8Array): readonly Uint8Array[] {
    this.#stream.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return this.#take();
  }

  end(): readonly Uint8Array[] {
    this.#stream.end();
    const blocks = this.#take();
    if (!this.#ended)
      throw new Failure('CorruptInput/Truncated', `${this.label} ends in mid-stream`, { blob: this.label });
    return blocks;
  }

  #take(): readonly Uint8Array[] {
    if (this.#failure !== undefined) throw this.#failure;
    const blocks = this.#blocks;
    this.#blocks = [];
    return blocks;
  }
}

const magicBytes = 4;

function checkMagic(head: readonly number[], label: string): void {
  const expected = [0x42, 0x5a, 0x68];
  const [, , , level = 0x39] = head;
  if (head.every((byte, index) => index > 2 || byte === expected[index]) && level >= 0x31 && level <= 0x39) return;
  const shown = Buffer.from(head)
    .toString('latin1')
    .replaceAll(/[^\u0020-\u007e]/g, '.');
  const hex = Buffer.from(head).toString('hex');
  throw new Failure(
    'CorruptInput/BadMagic',
    `${label} is not bzip2: it begins with "${shown}" (${hex}), not "BZh1" to "BZh9"`,
    { blob: label },
  );
}

/** unbzip2-stream says little. If it cannot tell an early end from extra bytes, the class stays `CorruptInput`. */
function classify(error: unknown, label: string): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const [failureClass, message]: [FailureClass, string] = text.includes('crc32 do not match')
    ? ['CorruptInput/BlockCrc', 'a checksum does not match']
    : text.includes('No magic number found')
      ? ['CorruptInput/TrailingGarbage', 'bytes that are not bzip2 follow a stream']
      : text.includes('ended prematurely')
        ? ['CorruptInput/Truncated', 'it ends in mid-stream']
        : text.includes("reading '0'")
          ? ['CorruptInput', 'it ends in mid-stream, or a few bytes follow the last stream']
          : ['CorruptInput', `its blocks are damaged (${text})`];
  return new Failure(failureClass, `${label} is not whole bzip2: ${message}`, { blob: label, cause: error });
}

/** Reports whether unbzip2-stream met a randomised block, which it is known not to decode. */
export function isRandomised({ cause }: Failure): boolean {
  return cause instanceof Error && cause.message.includes('obsolete version');
}

/**
 * Reports whether unbzip2-stream reached the end of its view: the blob ends early, or has a block longer than what it
 * looks ahead.
 */
export function isOutOfSight({ cause }: Failure): boolean {
  return cause instanceof Error && cause.message.includes("reading '0'");
}
