import { gunzipSync, gzipSync } from 'node:zlib';
import { Failure } from '../../domain/failure.js';
import type { LedgerClaim, LedgerFooter, LedgerHeader, LedgerLine } from '../../domain/ledger-lines.js';
import { controlFormat } from '../../domain/migration-record.js';
import type { Receipt } from '../../domain/receipt.js';

/** A ledger as read: its first line, the claim in force, its receipts, and the footer once it is complete. */
export interface LedgerContent {
  readonly header: LedgerHeader;
  readonly claim: LedgerClaim;
  /** One a unit: a later receipt of the same unit would replace the earlier. */
  readonly receipts: ReadonlyMap<number, Receipt>;
  readonly footer: LedgerFooter | undefined;
  /** Whether the attempt of that claim has left a receipt, or said that it made a durable part. */
  readonly progress: boolean;
}

/** Packs lines as one gzip member; a ledger is a row of them, so that a flush recompresses nothing. */
export function packLines(lines: readonly LedgerLine[]): Uint8Array {
  return gzipSync(lines.map((line) => JSON.stringify(line) + '\n').join(''));
}

/** Reads a ledger's bytes. Fails with `FormatTooNew` where a newer Longhaul wrote it, `LedgerMismatch` where it is no ledger. */
export function parseLedger(bytes: Uint8Array, key: string): LedgerContent {
  const lines = unpack(bytes, key);
  const [header, ...rest] = lines;
  if (header?.type !== 'header') throw new Failure('LedgerMismatch', `${key} does not begin with a ledger's header`);
  if (header.format > controlFormat) {
    throw new Failure(
      'FormatTooNew',
      `${key} has format ${String(header.format)}, this version reads up to ${String(controlFormat)}`,
    );
  }
  const receipts = new Map<number, Receipt>();
  let claim: LedgerClaim | undefined;
  let footer: LedgerFooter | undefined;
  let progress = false;
  for (const line of rest) {
    switch (line.type) {
      case 'claim':
        progress = line.durablePart === true || (progress && line.token === claim?.token);
        claim = line;
        break;
      case 'receipt': {
        const { type: _type, ...receipt } = line;
        receipts.set(receipt.index, receipt);
        progress = true;
        break;
      }
      case 'footer':
        footer = line;
        break;
      case 'header':
        throw new Failure('LedgerMismatch', `${key} has two headers`);
    }
  }
  if (claim === undefined) throw new Failure('LedgerMismatch', `${key} has no claim`);
  return { header, claim, receipts, footer, progress };
}

function unpack(bytes: Uint8Array, key: string): readonly LedgerLine[] {
  try {
    const text = gunzipSync(bytes, { maxOutputLength: unpackedMaxBytes }).toString('utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LedgerLine);
  } catch (error) {
    throw new Failure('LedgerMismatch', `${key} is not gzip NDJSON`, { cause: error });
  }
}

// 1,000 receipts of 200 blobs with the longest names are about 260 MB; a larger one is not ours.
const unpackedMaxBytes = 512 * 1024 * 1024;
