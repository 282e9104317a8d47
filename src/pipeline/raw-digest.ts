import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Digests of an uncompressed concatenation, hex, and its length. */
export interface RawProof {
  readonly bytes: number;
  readonly sha256: string;
  readonly crc32: string;
}

/** Digests raw bytes as they pass. */
export class RawDigest {
  readonly #sha256 = createHash('sha256');
  #crc32 = 0;
  #bytes = 0;

  update(piece: Uint8Array): void {
    this.#sha256.update(piece);
    this.#crc32 = crc32(piece, this.#crc32);
    this.#bytes += piece.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** CRC-32 so far, as the gzip trailer wants it. */
  get crc32Value(): number {
    return this.#crc32;
  }

  /** Ends the digest; nothing may be added afterwards. */
  finish(): RawProof {
    return { bytes: this.#bytes, sha256: this.#sha256.digest('hex'), crc32: crc32Hex(this.#crc32) };
  }
}

/** CRC-32 as 8 hex digits. */
export function crc32Hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** CRC-32 of bytes as S3 writes it: four bytes, big-endian, base64. */
export function crc32Base64(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('base64');
}
