import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import { skippedBlobsMax, type NotedBlobs } from '../../domain/findings/findings.js';
import { blobLabel } from '../../domain/manifest.js';
import type { BlobSource } from '../source/blob-source.js';
import type { ByteBudget } from '../../flow/byte-budget.js';
import { confirmDamage } from '../second-decoder/confirm-damage.js';
import { crossChecked, isChosen } from '../second-decoder/cross-check.js';
import { decodeBlob, type BlobVerdict } from '../decode/decode-blob.js';
import { decodeWhole, isDecodedWhole } from '../decode/decode-whole.js';
import type { DeliveredBlob } from '../source/deliver-in-order.js';
import { streamBlob } from '../source/fetch-blob.js';
import type { FindingsLog } from '../../domain/findings/findings-log.js';
import { KeptBody } from './kept-body.js';
import { wholeOrSkipped } from './whole-or-skipped.js';

/** What reading the blobs of one unit needs. */
export interface BlobReading {
  readonly definition: Pick<Definition, 'transform' | 'limits'>;
  /** For reading a blob again. */
  readonly source: BlobSource;
  readonly ahead: ByteBudget;
  readonly findings: FindingsLog;
  /** Called with raw bytes as they appear. */
  readonly moved: (rawBytes: number) => void;
  readonly signal: AbortSignal;
}

/** One blob, when its turn has come. */
export interface BlobInTurn extends DeliveredBlob {
  /** In the manifest, from 0. */
  readonly position: number;
  /**
   * Its first bytes are in durable parts already, so it can no longer be skipped; it was proven whole before they were
   * sent.
   */
  readonly isBegun: boolean;
}

/**
 * Yields the decoded bytes of one blob, or none if it is damaged and `onCorrupt` is `skip-blob`, and notes in the
 * findings what belongs in the receipt. Fails as `decodeBlob` does, and with `DecoderDisagreement`.
 */
export async function* blobBytes(turn: BlobInTurn, reading: BlobReading): AsyncGenerator<Uint8Array, void> {
  const { blob, position } = turn;
  const { definition, findings } = reading;
  const outcome = yield* decodedAndChecked(turn, reading);
  if (outcome instanceof Failure) {
    if (findings.skippedBlobs >= skippedBlobsMax) throw tooManySkipped(outcome);
    const skipped = { blob: blobLabel(blob), class: outcome.failureClass, message: outcome.message };
    findings.add(position, { skipped: [skipped] });
    return;
  }
  const noted = (bytes: number): NotedBlobs => ({ blobs: 1, bytes, first: [blobLabel(blob)] });
  if (outcome.trailing !== undefined) findings.add(position, { trailing: noted(outcome.trailing.bytes) });
  if (definition.transform.decompress === 'auto' && outcome.format === 'none')
    findings.add(position, { asIs: noted(outcome.decodedBytes) });
}

/**
 * Returns the decoded bytes of a blob that is in memory and adds nothing to the receipt. This is the usual case, and
 * needs no promise for each piece; a piece is valid until the next one is asked for. Undefined if {@link blobBytes} has
 * to take the blob. Fails as that does.
 */
export function wholeBlobBytes(
  { blob, whole, isBegun }: BlobInTurn,
  { definition: { transform, limits }, signal }: BlobReading,
): Iterable<Uint8Array> | undefined {
  if (whole === undefined || !isDecodedWhole(whole, { transform })) return undefined;
  if (transform.onCorrupt !== 'fail' && !isBegun) return undefined;
  if (isChosen(blob, transform.crossCheck.decode)) return undefined;
  return decodeWhole(whole, { transform, limits, label: blobLabel(blob), signal });
}

function decodedAndChecked(turn: BlobInTurn, reading: BlobReading): AsyncGenerator<Uint8Array, BlobVerdict | Failure> {
  const { blob } = turn;
  const { definition, source, signal } = reading;
  if (!isChosen(blob, definition.transform.crossCheck.decode)) return decodedOrSkipped(turn, reading);
  const kept = new KeptBody();
  const pieces = decodedOrSkipped(turn, reading, (body) => kept.keep(body));
  const open = () => (kept.pieces === undefined ? streamBlob(source, blob, signal) : asBody(kept.pieces));
  return crossChecked(pieces, { blob, open, signal });
}

function decodedOrSkipped(
  { blob, body, isBegun }: BlobInTurn,
  { definition, source, ahead, moved, signal }: BlobReading,
  watch: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (unwatched) => unwatched,
): AsyncGenerator<Uint8Array, BlobVerdict | Failure> {
  const { transform, limits } = definition;
  let reads = 0;
  const decode = () => {
    const bytes = watch(reads === 0 ? body : streamBlob(source, blob, signal));
    reads += 1;
    return decodeBlob(bytes, { transform, limits, label: blobLabel(blob), signal });
  };
  if (transform.onCorrupt === 'fail' || isBegun) return decode();
  const confirm = (failure: Failure) => confirmDamage(failure, blob, source, signal);
  return wholeOrSkipped({ decode, confirm, ahead, moved: () => moved(0) });
}

async function* asBody(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* pieces;
}

function tooManySkipped({ failureClass, message, blob }: Failure): Failure {
  const most = `${String(skippedBlobsMax)} blobs of the unit were skipped before, and no more are`;
  return new Failure(failureClass, `${message}; ${most}`, blob === undefined ? {} : { blob });
}
