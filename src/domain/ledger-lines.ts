import type { Receipt } from './receipt.js';
import type { Tally } from './tally.js';

/** First line of a slice's ledger. */
export interface LedgerHeader {
  readonly type: 'header';
  readonly format: number;
  readonly definition: string;
  readonly firstUnit: number;
  readonly units: number;
  /** Digest of the staged units that the receipts belong to. */
  readonly staged: string;
}

/** Who writes from here on. Every write begins its gzip member with one, `seq` higher by one each time. */
export interface LedgerClaim {
  readonly type: 'claim';
  readonly epoch: number;
  readonly token: string;
  readonly seq: number;
  readonly at: string;
}

export interface LedgerReceipt extends Receipt {
  readonly type: 'receipt';
}

/** Last line of a complete ledger. */
export interface LedgerFooter {
  readonly type: 'footer';
  readonly tally: Tally;
}

/** One line of a ledger, JSON. */
export type LedgerLine = LedgerHeader | LedgerClaim | LedgerReceipt | LedgerFooter;
