import type { Suspect } from '../careful-mode.js';
import type { Receipt } from '../receipt.js';
import type { Tally } from '../figures/tally.js';

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

/** Who writes from here on. The gzip member of every write begins with one, and `seq` goes up by one each time. */
export interface LedgerClaim extends ClaimNotes {
  readonly type: 'claim';
  readonly epoch: number;
  readonly token: string;
  readonly seq: number;
  readonly at: string;
  /** In degraded mode: one more than the highest of the earlier claims. */
  readonly attempt?: number;
}

/** What a claim tells the next attempt about this one. */
export interface ClaimNotes {
  /** Attempts in a row before this one that died without a receipt or a durable part, at most two; absent: none. */
  readonly deaths?: number;
  /** In careful mode, the unit that may have killed them, or that is being moved alone. */
  readonly suspect?: Suspect;
  /** This attempt has made a durable part of some unit. */
  readonly durablePart?: true;
  /** This attempt ended cleanly: the next one does not count it as dead. */
  readonly ended?: true;
  /** Token of the worker process that makes this attempt. */
  readonly process?: string;
  /**
   * Units that still wait to be tried again: written when an attempt hands back, and repeated by the next one's first
   * claim.
   */
  readonly waiting?: readonly WaitingUnit[];
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

/** A unit that failed and is tried again by the next attempt. */
export interface WaitingUnit {
  readonly index: number;
  /** When the first of the tries that failed in a row began, ISO 8601 UTC. */
  readonly since: string;
  /** Tries in a row that failed. */
  readonly failures: number;
  /** Other units of the same account or target were done meanwhile. */
  readonly others?: true;
}
