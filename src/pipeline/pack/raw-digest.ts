import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createSHA256, type IHasher } from 'hash-wasm';

/** Digests of an uncompressed concatenation, hex, and its length. */
export interface RawProof {
  readonly bytes: number;
  readonly sha256: string;
  readonly crc32: string;
}

/** A digest in the middle of its bytes, which any process can continue. */
export interface RawState {
  readonly bytes: number;
  readonly crc32: number;
  /** Base64. */
  readonly sha256State: string;
}

/** Digests raw bytes as they pass. */
export class RawDigest {
  #crc32 = 0;
  #bytes = 0;

  private constructor(private readonly sha256: Sha256) {}

  /** The fastest one, for units that are published with a single put. */
  static once(): RawDigest {
    const hash = createHash('sha256');
    return new RawDigest({ update: (piece) => hash.update(piece), digest: () => hash.digest('hex') });
  }

  /** One whose state can be saved, about four times slower. */
  static async resumable(): Promise<RawDigest> {
    const hash = await createSHA256();
    return RawDigest.#of(hash.init(), { bytes: 0, crc32: 0 });
  }

  /** One that continues from a saved state, or undefined if this build of the hash library cannot read that state. */
  static async resumed(state: RawState): Promise<RawDigest | undefined> {
    const hash = (await createSHA256()).init();
    try {
      if (state.bytes > 0) hash.load(Buffer.from(state.sha256State, 'base64'));
    } catch {
      // The library says no more than that: whatever is wrong with the state, the bytes have to be digested again.
      return undefined;
    }
    return RawDigest.#of(hash, state);
  }

  static #of(hash: IHasher, { bytes, crc32: sum }: Pick<RawState, 'bytes' | 'crc32'>): RawDigest {
    const digest = new RawDigest({
      update: (piece) => hash.update(piece),
      digest: () => hash.digest('hex'),
      save: () => Buffer.from(hash.save()).toString('base64'),
    });
    digest.#crc32 = sum;
    digest.#bytes = bytes;
    return digest;
  }

  update(piece: Uint8Array): void {
    this.sha256.update(piece);
    this.#crc32 = crc32(piece, this.#crc32);
    this.#bytes += piece.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** CRC-32 so far, as the gzip trailer needs it. */
  get crc32Value(): number {
    return this.#crc32;
  }

  /** Returns the state so far, or undefined if the digest is not resumable. */
  save(): RawState | undefined {
    const sha256State = this.sha256.save?.();
    return sha256State === undefined ? undefined : { bytes: this.#bytes, crc32: this.#crc32, sha256State };
  }

  /** Ends the digest; nothing may be added after that. */
  finish(): RawProof {
    return { bytes: this.#bytes, sha256: this.sha256.digest(), crc32: crc32Hex(this.#crc32) };
  }
}

interface Sha256 {
  update(piece: Uint8Array): unknown;
  digest(): string;
  save?(): string;
}

/** CRC-32 as 8 hex digits. */
function crc32Hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
