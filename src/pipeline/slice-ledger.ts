import { Failure } from '../domain/failure.js';
import type { LedgerHeader, LedgerLine } from '../domain/ledger-lines.js';
import { receiptTally, type Receipt } from '../domain/receipt.js';
import { addTallies, emptyTally, type Tally } from '../domain/tally.js';
import type { ControlStore } from './control-store.js';
import { packLines, parseLedger, type LedgerContent } from './ledger-format.js';
import { OwnedObject, type OwnerMark } from './owned-object.js';

/** What an attempt at a slice needs to claim its ledger. */
export interface LedgerClaimRequest {
  readonly store: ControlStore;
  readonly key: string;
  readonly header: LedgerHeader;
  readonly epoch: number;
  readonly signal: AbortSignal;
}

/** Flushed when so many receipts wait, or when one has waited so long: what a crash may cost. */
export const flushAfterReceipts = 100;
export const flushAfterMs = 15_000;

/**
 * The ledger of one slice, held by one attempt. Claiming it fences every earlier attempt; every write replaces the whole object with
 * `If-Match` and the next `seq`, and an uncertain outcome is settled by reading it back. Methods fail with `Fenced` once another attempt
 * has claimed it, `Superseded` where a higher epoch has, `LedgerLost` where it vanished. Not for concurrent callers of {@link flush}: the
 * slice calls it one at a time.
 */
export class SliceLedger {
  readonly #waiting: Receipt[] = [];
  readonly #finished: Set<number>;
  #waitingSince: number | undefined;
  #tally: Tally;
  #complete: boolean;

  private constructor(
    /** Whether an earlier attempt had written the ledger. */
    readonly existed: boolean,
    private readonly write: LedgerWriter,
    content: LedgerContent | undefined,
  ) {
    const receipts = [...(content?.receipts.values() ?? [])];
    this.#finished = new Set(receipts.map((receipt) => receipt.index));
    this.#tally = receipts.map(receiptTally).reduce(addTallies, emptyTally);
    this.#complete = content?.footer !== undefined;
  }

  /** Reads the ledger and, unless it is complete, claims it. */
  static async claim(request: LedgerClaimRequest): Promise<SliceLedger> {
    for (let attempt = 0; attempt < claimAttemptsMax; attempt += 1) {
      const found = await readLedger(request);
      if (found?.content.footer !== undefined)
        return new SliceLedger(true, new LedgerWriter(request, found), found.content);
      const writer = new LedgerWriter(request, found);
      if (await writer.claim()) return new SliceLedger(found !== undefined, writer, found?.content);
    }
    throw new Failure('Fenced', `${request.key}: other attempts claim the ledger again and again`);
  }

  /** Tells whether the footer is written. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Tally of all receipts, flushed or not. */
  get tally(): Tally {
    return this.#tally;
  }

  /** Tells whether the unit with this index has a receipt. */
  has(index: number): boolean {
    return this.#finished.has(index);
  }

  /** Takes a receipt for the next flush. */
  add(receipt: Receipt): void {
    if (this.#finished.has(receipt.index))
      throw new Failure('InternalPlanError', `unit ${String(receipt.index)} has a receipt already`);
    this.#finished.add(receipt.index);
    this.#waiting.push(receipt);
    this.#waitingSince ??= performance.now();
    this.#tally = addTallies(this.#tally, receiptTally(receipt));
  }

  /** Tells whether enough receipts wait, or one has waited long enough. */
  get flushDue(): boolean {
    if (this.#waitingSince === undefined) return false;
    return this.#waiting.length >= flushAfterReceipts || performance.now() - this.#waitingSince >= flushAfterMs;
  }

  /** Writes the waiting receipts and gives them. Receipts added meanwhile wait for the next flush. */
  async flush(signal?: AbortSignal): Promise<readonly Receipt[]> {
    if (this.#waiting.length === 0) return [];
    const receipts = [...this.#waiting];
    await this.write.append(
      receipts.map((receipt) => ({ type: 'receipt', ...receipt })),
      signal,
    );
    this.#waiting.splice(0, receipts.length);
    this.#waitingSince = this.#waiting.length === 0 ? undefined : performance.now();
    return receipts;
  }

  /** Writes the waiting receipts and the footer, and gives the receipts. */
  async finish(): Promise<readonly Receipt[]> {
    const receipts = [...this.#waiting];
    const lines: LedgerLine[] = receipts.map((receipt) => ({ type: 'receipt', ...receipt }));
    await this.write.append([...lines, { type: 'footer', tally: this.#tally }]);
    this.#waiting.length = 0;
    this.#waitingSince = undefined;
    this.#complete = true;
    return receipts;
  }
}

// Each lost race means that another attempt claimed in between; the server starts one attempt at a time, so few are enough.
const claimAttemptsMax = 5;

interface FoundLedger {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly content: LedgerContent;
}

async function readLedger(request: LedgerClaimRequest): Promise<FoundLedger | undefined> {
  const { store, key, header, signal } = request;
  const object = await store.read(key, signal);
  if (object === undefined) return undefined;
  const content = parseLedger(object.bytes, key);
  checkEpoch(content.claim.epoch, request);
  checkHeader(content.header, header, key);
  return { ...object, content };
}

function checkEpoch(found: number, { key, epoch }: LedgerClaimRequest): void {
  if (found <= epoch) return;
  throw new Failure('Superseded', `${key} was claimed under epoch ${String(found)}, this is epoch ${String(epoch)}`);
}

function checkHeader(found: LedgerHeader, expected: LedgerHeader, key: string): void {
  for (const field of ['definition', 'firstUnit', 'units', 'staged'] as const) {
    if (found[field] === expected[field]) continue;
    throw new Failure(
      'LedgerMismatch',
      `${key}: its ${field} is ${String(found[field])}, not ${String(expected[field])}`,
    );
  }
}

/** Adds gzip members to the ledger object; each begins with the claim of this attempt. */
class LedgerWriter {
  readonly #object: OwnedObject;
  #bytes: Uint8Array;

  constructor(
    private readonly request: LedgerClaimRequest,
    found: FoundLedger | undefined,
  ) {
    const { store, key } = request;
    this.#bytes = found?.bytes ?? packLines([request.header]);
    this.#object = new OwnedObject({
      store,
      key,
      etag: found?.etag,
      readMark: (bytes) => this.#readMark(bytes),
      goneClass: 'LedgerLost',
    });
  }

  /** Writes the claim with `seq` 0. Gives false where another attempt was faster: read and try again. */
  async claim(): Promise<boolean> {
    return (await this.#add([], this.request.signal)) === 'written';
  }

  /** Adds lines as one gzip member behind a claim with the next `seq`. */
  async append(lines: readonly LedgerLine[], signal = this.request.signal): Promise<void> {
    if ((await this.#add(lines, signal)) === 'taken')
      throw new Failure('Fenced', `${this.request.key}: another attempt has claimed the ledger`);
  }

  async #add(lines: readonly LedgerLine[], signal: AbortSignal): Promise<'written' | 'taken'> {
    let bytes = this.#bytes;
    const outcome = await this.#object.replace((mark) => {
      const claim = { type: 'claim', epoch: this.request.epoch, ...mark, at: new Date().toISOString() } as const;
      bytes = Buffer.concat([this.#bytes, packLines([claim, ...lines])]);
      return bytes;
    }, signal);
    if (outcome === 'written') this.#bytes = bytes;
    return outcome;
  }

  #readMark(bytes: Uint8Array): OwnerMark {
    const { claim } = parseLedger(bytes, this.request.key);
    checkEpoch(claim.epoch, this.request);
    return claim;
  }
}
