import type { Definition } from '../domain/definition.js';
import { Failure } from '../domain/failure.js';
import { blobLabel } from '../domain/manifest.js';
import { decodeBlob } from './decode-blob.js';
import type { DeliveredBlob } from './deliver-in-order.js';

/** Where in the unit's raw bytes each blob begins: turns a length of raw bytes into the blob to go on with. */
export class RawPositions {
  #starts: { readonly blob: number; readonly rawBytes: number }[] = [];

  /** Notes that a blob's decoded bytes begin behind so many raw bytes. */
  begin(blob: number, rawBytes: number): void {
    this.#starts.push({ blob, rawBytes });
  }

  /** Gives the blob, and the offset in its decoded bytes, behind so many raw bytes; asked with lengths that only grow. */
  at(rawBytes: number): { readonly blob: number; readonly offset: number } {
    const next = this.#starts.findIndex((start) => start.rawBytes > rawBytes);
    const known = next === -1 ? this.#starts.length : next;
    // What lies before is not asked for again; so this holds the blobs of a part or two.
    this.#starts = this.#starts.slice(Math.max(0, known - 1));
    const start = this.#starts[0] ?? { blob: 0, rawBytes: 0 };
    return { blob: start.blob, offset: rawBytes - start.rawBytes };
  }
}

/** Where decoding goes on: with this blob of the manifest, behind so many of its decoded bytes and so many raw bytes of the unit. */
export interface RawStart {
  readonly blob: number;
  readonly offset: number;
  readonly rawBytes: number;
}

export const rawBeginning: RawStart = { blob: 0, offset: 0, rawBytes: 0 };

/**
 * Decodes delivered blobs, the first of which is that of `start`, one after another into the unit's raw bytes, within the limits of blob
 * and unit; what lies before `start` is decoded and passed over.
 */
export async function* rawBytes(
  blobs: AsyncIterable<DeliveredBlob>,
  definition: Pick<Definition, 'transform' | 'limits'>,
  moved: (rawBytes: number) => void,
  progress: { readonly start: RawStart; readonly positions: RawPositions },
): AsyncGenerator<Uint8Array> {
  const { transform, limits } = definition;
  const { start, positions } = progress;
  let unitBytes = start.rawBytes - start.offset;
  let position = start.blob;
  let passOver = start.offset;
  for await (const { blob, body } of blobs) {
    positions.begin(position, unitBytes);
    position += 1;
    for await (const piece of decodeBlob(body, { transform, limits, label: blobLabel(blob) })) {
      unitBytes += piece.length;
      if (unitBytes > limits.unitBytes) {
        throw new Failure(
          'LimitExceeded/UnitBytes',
          `the unit has more than ${String(limits.unitBytes)} uncompressed bytes`,
        );
      }
      moved(piece.length);
      const passed = Math.min(passOver, piece.length);
      passOver -= passed;
      if (passed < piece.length) yield passed === 0 ? piece : piece.subarray(passed);
    }
  }
}
