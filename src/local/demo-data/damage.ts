import { gzipSync } from 'node:zlib';

/** The ways in which a unit of the demo can be spoiled, each with the failure class that it must end with. */
export const damageClasses = {
  'no-blobs': 'EmptyUnit',
  'zero-bytes': 'CorruptInput/EmptyFile',
  truncated: 'CorruptInput/Truncated',
  'end-missing': 'CorruptInput/Truncated',
  'block-crc': 'CorruptInput/BlockCrc',
  'stream-crc': 'CorruptInput/StreamCrc',
  'is-gzip': 'CorruptInput/BadMagic',
  'is-html': 'CorruptInput/BadMagic',
  'is-plain': 'CorruptInput/BadMagic',
  'trailing-byte': 'CorruptInput/TrailingGarbage',
  'trailing-text': 'CorruptInput/TrailingGarbage',
  'trailing-zeros': 'CorruptInput/TrailingGarbage',
  'junk-between-streams': 'CorruptInput/TrailingGarbage',
} as const;

/** One way to spoil a unit. */
export type Damage = keyof typeof damageClasses;

/** Spoils a blob that is one bzip2 stream of `plain`. `no-blobs` leaves it alone: that spoils the unit instead. */
export function damageBlob(damage: Damage, bzip2: Uint8Array, plain: Uint8Array): Uint8Array {
  switch (damage) {
    case 'no-blobs':
      return bzip2;
    case 'zero-bytes':
      return new Uint8Array(0);
    case 'truncated':
      return bzip2.subarray(0, Math.floor(bzip2.length / 2));
    case 'end-missing':
      // Six bytes that mark the end and four of the stream's CRC: all data can still be decoded.
      return bzip2.subarray(0, bzip2.length - 10);
    case 'block-crc':
      // Byte 10 begins the first block's CRC: after `BZh9` and the block's six bytes of mark.
      return flipBit(bzip2, 10);
    case 'stream-crc':
      // The last 32 bits, but for up to seven of padding, are the stream's CRC.
      return flipBit(bzip2, bzip2.length - 3);
    case 'is-gzip':
      return gzipSync(plain);
    case 'is-html':
      return Buffer.from('<!DOCTYPE html><html><body><h1>503 Service Unavailable</h1></body></html>\n');
    case 'is-plain':
      return plain;
    case 'trailing-byte':
      return Buffer.concat([bzip2, Buffer.from('x')]);
    case 'trailing-text':
      return Buffer.concat([bzip2, Buffer.from('-- end of export --\n')]);
    case 'trailing-zeros':
      return Buffer.concat([bzip2, Buffer.alloc(512)]);
    case 'junk-between-streams':
      return Buffer.concat([bzip2, Buffer.from('junk'), bzip2]);
  }
}

function flipBit(bytes: Uint8Array, offset: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[offset] = (flipped[offset] ?? 0) ^ 0x10;
  return flipped;
}
