import { crc32 } from 'node:zlib';
import { BlobDamage, shownHead } from '../blob-damage.js';
import type { ExactReader } from './exact-reader.js';

/**
 * Reads the header of a gzip member (RFC 1952) and discards it: a name, a comment and extra fields do not matter.
 * Throws {@link BlobDamage}, in which `stream` is the number of the member.
 */
export async function readMemberHeader(reader: ExactReader, stream: number): Promise<void> {
  const offset = reader.position;
  const fixed = await reader.take(fixedBytes);
  if (fixed.length === 0) {
    throw new BlobDamage('gzip', 'CorruptInput/EmptyFile', 'it has 0 bytes; even an empty gzip member has 20', before);
  }
  const [id1 = 0x1f, id2 = 0x8b, method = 8, flags = 0] = fixed;
  if (id1 !== 0x1f || id2 !== 0x8b) {
    const head = shownHead(fixed.subarray(0, shownBytes));
    const problem = `it does not begin with the bytes 1f8b but with ${head}`;
    throw new BlobDamage('gzip', 'CorruptInput/BadMagic', problem, before);
  }
  const place = { stream, block: undefined, offset };
  if (method !== 8) throw new BlobDamage('gzip', 'CorruptInput', 'a member is not made by deflate', place);
  if ((flags & reservedFlags) !== 0)
    throw new BlobDamage('gzip', 'CorruptInput', 'a member has flags that do not exist', place);
  const truncated = () => truncation(reader, stream);
  if (fixed.length < fixedBytes) throw truncated();

  const header = new HeaderFields(reader, truncated, crc32(fixed));
  if ((flags & hasExtra) !== 0) await header.exactly(toNumber(await header.exactly(2)));
  if ((flags & hasName) !== 0) await header.zeroTerminated();
  if ((flags & hasComment) !== 0) await header.zeroTerminated();
  if ((flags & hasHeaderCrc) === 0) return;
  const expected = header.crc32 & 0xffff;
  if (toNumber(await header.exactly(2)) !== expected)
    throw new BlobDamage('gzip', 'CorruptInput', 'the header of a member does not match its checksum', place);
}

/** Returns the damage of bytes that end in the middle of a member. */
export function truncation(reader: ExactReader, stream: number): BlobDamage {
  const place = { stream, block: undefined, offset: reader.position };
  return new BlobDamage('gzip', 'CorruptInput/Truncated', 'it ends in the middle of a member', place);
}

const before = { stream: undefined, block: undefined, offset: 0 };
const fixedBytes = 10;
const shownBytes = 4;
const hasHeaderCrc = 0x02;
const hasExtra = 0x04;
const hasName = 0x08;
const hasComment = 0x10;
const reservedFlags = 0xe0;

/** Reads the fields after the fixed ten bytes, and continues the CRC-32 of those. */
class HeaderFields {
  constructor(
    readonly reader: ExactReader,
    readonly truncated: () => BlobDamage,
    public crc32: number,
  ) {}

  async exactly(count: number): Promise<Uint8Array> {
    const bytes = await this.reader.take(count);
    if (bytes.length < count) throw this.truncated();
    this.crc32 = crc32(bytes, this.crc32);
    return bytes;
  }

  async zeroTerminated(): Promise<void> {
    for (;;) {
      const bytes = await this.reader.take(portionBytes);
      if (bytes.length === 0) throw this.truncated();
      const end = bytes.indexOf(0);
      const field = end === -1 ? bytes : bytes.subarray(0, end + 1);
      this.crc32 = crc32(field, this.crc32);
      if (end === -1) continue;
      this.reader.giveBack(bytes.subarray(end + 1));
      return;
    }
  }
}

// Names are short, but a hostile one must not be read byte by byte.
const portionBytes = 256;

function toNumber(bytes: Uint8Array): number {
  return (bytes[0] ?? 0) + (bytes[1] ?? 0) * 256;
}
