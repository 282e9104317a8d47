import type { Definition } from '../domain/definition.js';
import { Failure } from '../domain/failure.js';
import { blobLabel } from '../domain/manifest.js';
import { decompressBzip2 } from './decompress.js';
import type { DeliveredBlob } from './deliver-in-order.js';

/** Decodes delivered blobs one after another into the unit's raw bytes, within the limits of blob and unit. */
export async function* rawBytes(
  blobs: AsyncIterable<DeliveredBlob>,
  definition: Pick<Definition, 'transform' | 'limits'>,
  moved: (rawBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const { transform, limits } = definition;
  let unitBytes = 0;
  for await (const { blob, body } of blobs) {
    const label = blobLabel(blob);
    const decoded = transform.decompress === 'none' ? body : decompressBzip2(body, limits, label);
    let blobBytes = 0;
    for await (const piece of decoded) {
      blobBytes += piece.length;
      if (blobBytes > limits.blobBytes) throw tooLargeBlob(label, limits.blobBytes);
      unitBytes += piece.length;
      if (unitBytes > limits.unitBytes) {
        throw new Failure(
          'LimitExceeded/UnitBytes',
          `the unit has more than ${String(limits.unitBytes)} uncompressed bytes`,
        );
      }
      moved(piece.length);
      yield piece;
    }
  }
}

/** The decoder stops earlier; this is for blobs that are taken as they are. */
function tooLargeBlob(label: string, max: number): Failure {
  return new Failure('LimitExceeded/BlobBytes', `${label} has more than ${String(max)} uncompressed bytes`, {
    blob: label,
  });
}
