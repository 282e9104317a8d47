import { Failure } from '../../domain/failure.js';
import { decodingTurns } from '../../flow/event-loop-turns.js';
import { blobBytes, wholeBlobBytes, type BlobReading } from './blob-bytes.js';
import type { DeliveredBlob } from '../source/deliver-in-order.js';

/** Knows where in the unit's raw bytes each blob begins, and so at which blob to resume after a number of raw bytes. */
export class RawPositions {
  #starts: { readonly blob: number; readonly rawBytes: number }[] = [];

  /** Notes that a blob's decoded bytes begin after this many raw bytes. */
  begin(blob: number, rawBytes: number): void {
    this.#starts.push({ blob, rawBytes });
  }

  /**
   * Returns the blob, and the offset in its decoded bytes, that follow this many raw bytes; from call to call, the
   * number only grows.
   */
  at(rawBytes: number): { readonly blob: number; readonly offset: number } {
    const next = this.#starts.findIndex((start) => start.rawBytes > rawBytes);
    const known = next === -1 ? this.#starts.length : next;
    // Nobody asks for anything before this again, so this holds the blobs of a part or two.
    this.#starts = this.#starts.slice(Math.max(0, known - 1));
    const start = this.#starts[0] ?? { blob: 0, rawBytes: 0 };
    return { blob: start.blob, offset: rawBytes - start.rawBytes };
  }
}

/**
 * Where decoding resumes: at this blob of the manifest, after `offset` of its raw bytes and `rawBytes` of the unit's.
 */
export interface RawStart {
  readonly blob: number;
  readonly offset: number;
  readonly rawBytes: number;
}

export const rawBeginning: RawStart = { blob: 0, offset: 0, rawBytes: 0 };

/**
 * Decodes delivered blobs, beginning with that of `start`, into the unit's raw bytes, joined as the transform says and
 * within the limits of blob and unit; what precedes `start` is decoded and skipped. Fails with `EmptyUnit` if every
 * blob was skipped, because an empty object would hide that. A piece is valid until the next one is asked for.
 */
export async function* rawBytes(
  blobs: AsyncIterable<DeliveredBlob>,
  reading: BlobReading,
  progress: { readonly start: RawStart; readonly positions: RawPositions },
): AsyncGenerator<Uint8Array> {
  const { definition, moved, findings } = reading;
  const { start, positions } = progress;
  let unitBytes = start.rawBytes - start.offset;
  let position = start.blob;
  let passOver = start.offset;
  const joinsLines = definition.transform.join === 'lines';
  /** Counts a piece of a blob, and returns the part of it after the start. */
  const take = (piece: Uint8Array): Uint8Array => {
    unitBytes += piece.length;
    if (unitBytes > definition.limits.unitBytes) throw tooLarge(definition.limits.unitBytes);
    moved(piece.length);
    const passed = Math.min(passOver, piece.length);
    passOver -= passed;
    return passed === 0 ? piece : piece.subarray(passed);
  };
  for await (const delivered of blobs) {
    positions.begin(position, unitBytes);
    const turn = { ...delivered, position, isBegun: passOver > 0 };
    position += 1;
    const atOnce = wholeBlobBytes(turn, reading);
    if (atOnce === undefined) {
      const bytes = blobBytes(turn, reading);
      for await (const piece of joinsLines ? withNewline(bytes) : bytes) {
        const rest = take(piece);
        if (rest.length > 0) yield rest;
      }
    } else {
      for (const piece of joinsLines ? withNewlineAtOnce(atOnce) : atOnce) {
        const rest = take(piece);
        if (rest.length > 0) yield rest;
        reading.signal.throwIfAborted();
        const turned = decodingTurns.after(piece.length);
        if (turned !== undefined) await turned;
      }
    }
  }
  if (position > 0 && findings.skippedBlobs === position) {
    const message = `each of the ${String(position)} blobs of the unit is damaged and was skipped`;
    throw new Failure('EmptyUnit', message);
  }
}

/** Adds a newline if the bytes of a blob do not end with one; a blob without bytes gets none. */
async function* withNewline(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let last: number | undefined;
  for await (const piece of bytes) {
    last = piece.at(-1) ?? last;
    yield piece;
  }
  if (last !== undefined && last !== newline) yield Uint8Array.of(newline);
}

/** Does the same without a promise for each piece. */
function* withNewlineAtOnce(bytes: Iterable<Uint8Array>): Generator<Uint8Array> {
  let last: number | undefined;
  for (const piece of bytes) {
    last = piece.at(-1) ?? last;
    yield piece;
  }
  if (last !== undefined && last !== newline) yield Uint8Array.of(newline);
}

const newline = 0x0a;

function tooLarge(max: number): Failure {
  return new Failure('LimitExceeded/UnitBytes', `the unit has more than ${String(max)} uncompressed bytes`);
}
