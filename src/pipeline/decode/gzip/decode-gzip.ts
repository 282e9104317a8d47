import { crc32 } from 'node:zlib';
import { BlobDamage } from '../blob-damage.js';
import { checkBlobBytes, checkExpansion, type BlobRules, type DecodedBlob, type DecodeOptions } from '../blob-rules.js';
import { decodingTurns } from '../../../flow/event-loop-turns.js';
import { ExactReader } from './exact-reader.js';
import { readMemberHeader, truncation } from './member-header.js';
import { MemberInflater } from './member-inflater.js';

/**
 * Decodes one gzip blob with zlib: all its members, with checksum and length of each checked. Yields pieces of at most
 * 64 KiB, which the caller owns, and returns what was found. The result does not depend on how the bytes of `body` are
 * cut.
 *
 * Fails as `decodeBzip2` does; the cause of `CorruptInput` is a `BlobDamage` whose `stream` is the member.
 */
export async function* decodeGzip(
  body: AsyncIterable<Uint8Array>,
  { signal, ...rules }: DecodeOptions,
): AsyncGenerator<Uint8Array, DecodedBlob> {
  const reader = new ExactReader(body);
  const decoding = new GzipDecoding(reader, rules, signal);
  try {
    return yield* decoding.members();
  } catch (error) {
    throw error instanceof BlobDamage ? error.toFailure(rules.label) : error;
  } finally {
    await reader.close();
  }
}

class GzipDecoding {
  #streams = 0;
  #decodedBytes = 0;

  constructor(
    readonly reader: ExactReader,
    readonly rules: BlobRules,
    readonly signal: AbortSignal | undefined,
  ) {}

  async *members(): AsyncGenerator<Uint8Array, DecodedBlob> {
    let next: 'member' | 'end' | 'other' = 'member';
    for (; next === 'member'; next = await this.#whatFollows()) yield* this.#member();
    const offset = this.reader.position;
    if (next === 'other') await this.#passOverTrailing();
    const compressedBytes = this.reader.position;
    return {
      streams: this.#streams,
      compressedBytes,
      decodedBytes: this.#decodedBytes,
      ...(next === 'other' ? { trailing: { offset, bytes: compressedBytes - offset } } : {}),
    };
  }

  async *#member(): AsyncGenerator<Uint8Array, void> {
    const { reader } = this;
    const place = { stream: this.#streams + 1, block: undefined, offset: reader.position };
    await readMemberHeader(reader, place.stream);
    this.#streams += 1;
    let crc = 0;
    let bytes = 0;
    const inflater = new MemberInflater();
    try {
      while (!inflater.ended) {
        const block = await reader.take(blockBytes);
        if (block.length === 0) throw truncation(reader, place.stream);
        const pieces = inflater.inflate(block);
        let piece = await pieces.next();
        for (; piece.done !== true; piece = await pieces.next()) {
          crc = crc32(piece.value, crc);
          bytes += piece.value.length;
          yield* this.#checked(piece.value);
        }
        reader.giveBack(piece.value);
        // After each block of a fixed size, so that the verdict depends neither on how bytes arrive nor on how fast
        // zlib is.
        checkExpansion(this.#decodedBytes, reader.position, this.rules);
        this.signal?.throwIfAborted();
      }
    } catch (error) {
      throw isZlibError(error)
        ? new BlobDamage('gzip', 'CorruptInput', `the data of a member is damaged: ${error.message}`, place)
        : error;
    } finally {
      inflater.close();
    }
    await this.#checkTrailer(crc, bytes);
  }

  async *#checked(piece: Uint8Array): AsyncGenerator<Uint8Array, void> {
    this.#decodedBytes += piece.length;
    checkBlobBytes(this.#decodedBytes, this.rules);
    yield piece;
    this.signal?.throwIfAborted();
    await decodingTurns.after(piece.length);
  }

  async #checkTrailer(crc: number, bytes: number): Promise<void> {
    const { reader } = this;
    const place = { stream: this.#streams, block: undefined, offset: reader.position };
    const trailer = Buffer.from(await reader.take(trailerBytes));
    if (trailer.length < trailerBytes) throw truncation(reader, place.stream);
    if (trailer.readUInt32LE(0) !== crc)
      throw new BlobDamage('gzip', 'CorruptInput/StreamCrc', 'a member does not match its checksum', place);
    // The length modulo 2^32.
    if (trailer.readUInt32LE(4) !== bytes % 2 ** 32)
      throw new BlobDamage('gzip', 'CorruptInput/StreamCrc', 'a member is not as long as its trailer says', place);
  }

  async #whatFollows(): Promise<'member' | 'end' | 'other'> {
    const head = await this.reader.take(2);
    this.reader.giveBack(head);
    const [id1, id2 = 0x8b] = head;
    if (id1 === undefined) return 'end';
    return id1 === 0x1f && id2 === 0x8b ? 'member' : 'other';
  }

  async #passOverTrailing(): Promise<void> {
    const place = { stream: this.#streams, block: undefined, offset: this.reader.position };
    if (this.rules.trailingGarbage !== 'ignore') {
      const problem = 'bytes that are not gzip follow a whole member';
      throw new BlobDamage('gzip', 'CorruptInput/TrailingGarbage', problem, place);
    }
    while ((await this.reader.take(blockBytes)).length > 0) this.signal?.throwIfAborted();
  }
}

// deflate makes at most 1,032 bytes of one, so a block yields at most 17 MB before the expansion is checked.
const blockBytes = 16 * 1024;
const trailerBytes = 8;

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
