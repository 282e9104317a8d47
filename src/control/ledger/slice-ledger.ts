import { careAfter, noCare, type Care, type Suspect } from '../../domain/careful-mode.js';
import { Failure } from '../../domain/failure.js';
import type { ClaimNotes, LedgerLine, WaitingUnit } from '../../domain/stored/ledger-lines.js';
import { receiptTally, type Receipt } from '../../domain/receipt.js';
import { addTallies, emptyTally, runCounts, type Tally } from '../../domain/figures/tally.js';
import type { ProcessIdentity } from '../../flow/process-resources.js';
import { openAttemptLedger } from './attempt-ledger.js';
import { boundedReceipt } from './bounded-receipt.js';
import type { LedgerContent } from './ledger-format.js';
import { openLedger, type LedgerPlace, type LedgerWriter } from './ledger-writer.js';

/** What an attempt at a slice needs to claim its ledger. */
export interface LedgerClaimRequest extends LedgerPlace {
  /** The process of this attempt. */
  readonly process: ProcessIdentity;
  /**
   * Counts the durable parts of a unit's checkpoint. Called for the unit that was alone when the previous attempt died.
   */
  readonly durableParts: (unitIndex: number) => Promise<number>;
}

/** A flush is due when this many receipts wait, or when one has waited this long: a crash costs no more than that. */
export const flushAfterReceipts = 100;
export const flushAfterMs = 15_000;

/**
 * The ledger of one slice, held by one attempt. Claiming it fences every earlier attempt. Receipts reach the store with
 * the next flush. Methods fail as {@link LedgerWriter} does. Those that write are not for concurrent callers.
 */
export class SliceLedger {
  readonly #waiting: Receipt[] = [];
  readonly #finished: Set<number>;
  /** Units that were waiting to be tried again when the previous attempt handed back. */
  readonly waiting: readonly WaitingUnit[];
  #waitingSince: number | undefined;
  #tally: Tally;
  /** What earlier runs of the round had done. */
  readonly #before: Tally;
  #complete: boolean;
  #notes: ClaimNotes;
  private readonly process: ProcessIdentity;
  /** Whether the ledger shows progress of this attempt. Receipts show it by themselves. */
  #progress: 'none' | 'to tell' | 'told' = 'none';

  private constructor(
    /** Whether an earlier attempt had written the ledger. */
    readonly existed: boolean,
    /** How much care this attempt takes, judging by how earlier attempts ended. */
    readonly care: Care,
    private readonly writer: LedgerWriter,
    content: LedgerContent | undefined,
    { process, epoch }: Pick<LedgerClaimRequest, 'process' | 'epoch'>,
  ) {
    this.process = process;
    const receipts = [...(content?.receipts.values() ?? [])];
    this.#finished = new Set(receipts.map((receipt) => receipt.index));
    this.#tally = receipts.map(receiptTally).reduce(addTallies, emptyTally);
    const earlier = receipts.filter(({ index }) => (content?.epochs.get(index) ?? epoch) < epoch);
    this.#before = earlier.map(receiptTally).reduce(addTallies, emptyTally);
    this.#complete = content?.footer !== undefined;
    this.waiting = content?.claim.waiting ?? [];
    this.#notes = { ...notesOf(care), process: process.token };
  }

  /** Reads the ledger and, unless it is complete, claims it. */
  static async claim(request: LedgerClaimRequest): Promise<SliceLedger> {
    for (let attempt = 0; attempt < claimAttemptsMax; attempt += 1) {
      const { content, writer } = await (request.degraded === true ? openAttemptLedger(request) : openLedger(request));
      if (content?.footer !== undefined) return new SliceLedger(true, noCare, writer, content, request);
      const care = content === undefined ? noCare : await careOf(content, request);
      const waiting = content?.claim.waiting;
      const notes = { ...notesOf(care), process: request.process.token, ...(waiting && { waiting }) };
      if (await writer.claim(notes)) return new SliceLedger(content !== undefined, care, writer, content, request);
    }
    throw new Failure('Fenced', `${request.key}: other attempts claim the ledger again and again`);
  }

  /** Whether the footer is written. */
  get complete(): boolean {
    return this.#complete;
  }

  /** The tally of all receipts, flushed or not, and what of it earlier runs had done. */
  get tally(): Tally {
    const beforeRun = runCounts(this.#before);
    return beforeRun.units === 0 ? this.#tally : { ...this.#tally, beforeRun };
  }

  /** Tells whether the unit with this index has a receipt. */
  has(index: number): boolean {
    return this.#finished.has(index);
  }

  /** Adds a receipt to the next flush. */
  add(receipt: Receipt): void {
    if (this.#finished.has(receipt.index))
      throw new Failure('InternalPlanError', `unit ${String(receipt.index)} has a receipt already`);
    this.#finished.add(receipt.index);
    this.#waiting.push(boundedReceipt(receipt));
    this.#waitingSince ??= performance.now();
    this.#tally = addTallies(this.#tally, receiptTally(receipt));
  }

  /**
   * Notes a durable part. If the ledger shows no progress of this attempt yet, a flush becomes due.
   */
  noteDurablePart(): void {
    if (this.#progress === 'none') this.#progress = 'to tell';
  }

  /** Whether enough receipts wait, one has waited long enough, or a first durable part is to be recorded. */
  get flushDue(): boolean {
    if (this.#progress === 'to tell') return true;
    if (this.#waitingSince === undefined) return false;
    return this.#waiting.length >= flushAfterReceipts || performance.now() - this.#waitingSince >= flushAfterMs;
  }

  /** Writes the waiting receipts and returns them. Receipts added in the meantime wait for the next flush. */
  async flush(signal?: AbortSignal): Promise<readonly Receipt[]> {
    if (this.#waiting.length === 0 && this.#progress !== 'to tell') return [];
    return await this.#write([], signal);
  }

  /**
   * Records which unit is moved alone from now on, or that none is. Writes the waiting receipts too and returns them.
   */
  async nameSuspect(suspect: Suspect | undefined): Promise<readonly Receipt[]> {
    const care = { deaths: this.care.deaths, ...(suspect && { suspect }) };
    this.#notes = { ...notesOf(care), process: this.process.token };
    return await this.#write([]);
  }

  /** Reads the ledger and fails with `Fenced` if another attempt has claimed it. May overlap with writes. */
  confirm(): Promise<void> {
    return this.writer.confirm();
  }

  /**
   * Records that this attempt ended cleanly, so that it does not count as a death, and which units still wait to be
   * tried again; writes the waiting receipts and returns them.
   */
  async release(waiting: readonly WaitingUnit[] = [], signal?: AbortSignal): Promise<readonly Receipt[]> {
    this.#notes = { ...this.#notes, ended: true, ...(waiting.length > 0 && { waiting }) };
    return await this.#write([], signal);
  }

  /** Writes the waiting receipts and the footer, and returns the receipts. */
  async finish(): Promise<readonly Receipt[]> {
    const receipts = await this.#write([{ type: 'footer', tally: this.#tally }]);
    this.#complete = true;
    return receipts;
  }

  async #write(last: readonly LedgerLine[], signal?: AbortSignal): Promise<readonly Receipt[]> {
    const receipts = [...this.#waiting];
    const tells = this.#progress === 'to tell';
    const lines = receipts.map((receipt) => ({ type: 'receipt', ...receipt }) as const);
    const notes: ClaimNotes = { ...this.#notes, ...(tells && { durablePart: true }) };
    await this.writer.append({ notes, lines: [...lines, ...last] }, signal);
    this.#waiting.splice(0, receipts.length);
    this.#waitingSince = this.#waiting.length === 0 ? undefined : performance.now();
    if (tells || receipts.length > 0) this.#progress = 'told';
    return receipts;
  }
}

// A lost race means that another attempt claimed in between. The server starts one attempt at a time, so a few tries
// are enough.
const claimAttemptsMax = 5;

/** Judges how the previous attempt ended. */
async function careOf(
  { claim, progress }: LedgerContent,
  { durableParts, process }: LedgerClaimRequest,
): Promise<Care> {
  const { deaths = 0, suspect, ended } = claim;
  // An attempt of this very process was only taken over: the process is alive.
  const inOrder = ended === true || claim.process === process.token;
  const { index, partsBefore } = suspect ?? {};
  const hasNewPart = async (): Promise<boolean> =>
    index !== undefined && partsBefore !== undefined && (await durableParts(index)) > partsBefore;
  return careAfter({
    care: { deaths, ...(suspect && { suspect }) },
    inOrder,
    seen: claim.process !== undefined && process.sawDie(claim.process),
    progress: progress || (!inOrder && (await hasNewPart())),
  });
}

function notesOf({ deaths, suspect }: Care): ClaimNotes {
  return { ...(deaths > 0 && { deaths }), ...(suspect && { suspect }) };
}
