import { randomUUID } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import type { ClaimNotes, LedgerClaim } from '../../domain/stored/ledger-lines.js';
import type { Receipt } from '../../domain/receipt.js';
import type { ControlStore } from '../control-store.js';
import { sizeLimits } from '../size-limits.js';
import { listKeys, overwriteObject, readObject } from '../stored-object.js';
import { packLines, parseLedger, type LedgerContent } from './ledger-format.js';
import {
  checkLedger,
  type LedgerAddition,
  type LedgerPlace,
  type LedgerWriter,
  type OpenedLedger,
} from './ledger-writer.js';

/**
 * Reads the ledger of a slice on a store that ignores conditions: each attempt has written an object of its own below
 * the ledger's key, and all of them together count. They are ordered by their claims; of two receipts of a unit, the
 * later one counts.
 */
export async function readAttemptLedgers(
  store: ControlStore,
  key: string,
  signal: AbortSignal,
): Promise<LedgerContent | undefined> {
  return joined(await readAttempts(store, key, signal));
}

/** Opens a ledger of this kind for one more attempt. */
export async function openAttemptLedger(place: LedgerPlace): Promise<OpenedLedger> {
  const attempts = await readAttempts(place.store, place.key, place.signal);
  for (const { content } of attempts) checkLedger(content, place);
  return { content: joined(attempts), writer: new AttemptLedgerWriter(place, attempts) };
}

interface Attempt {
  readonly key: string;
  readonly content: LedgerContent;
}

/**
 * Reads what every attempt has left, in the order of the claims. One object after another: a slice has few attempts,
 * unless it dies again and again.
 */
async function readAttempts(store: ControlStore, key: string, signal: AbortSignal): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for await (const each of listKeys(store, attemptsPrefix(key), signal)) {
    const object = await readObject(store, { key: each, maxBytes: sizeLimits.ledger }, signal);
    if (object !== undefined) attempts.push({ key: each, content: parseLedger(object.bytes, each) });
  }
  return attempts.sort((a, b) => compareClaims(a.content.claim, b.content.claim));
}

function attemptsPrefix(key: string): string {
  return `${key.replace(/\.ndjson\.gz$/, '')}/`;
}

function joined(attempts: readonly Attempt[]): LedgerContent | undefined {
  const last = attempts.at(-1)?.content;
  if (last === undefined) return undefined;
  const receipts = new Map<number, Receipt>(attempts.flatMap(({ content }) => [...content.receipts]));
  const epochs = new Map<number, number>(attempts.flatMap(({ content }) => [...content.epochs]));
  const footer = attempts.findLast(({ content }) => content.footer !== undefined)?.content.footer;
  return { ...last, receipts, epochs, footer };
}

/**
 * Orders claims by epoch, then by how many claims each had seen, then by token, so that everybody finds the same order.
 */
function compareClaims(a: LedgerClaim, b: LedgerClaim): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  if (a.attempt !== b.attempt) return (a.attempt ?? 0) - (b.attempt ?? 0);
  return a.token < b.token ? -1 : 1;
}

/**
 * Writes the object of one attempt, which nobody else writes. Checks before each write whether another attempt has
 * claimed in the meantime.
 */
class AttemptLedgerWriter implements LedgerWriter {
  readonly #token = randomUUID();
  readonly #attempt: number;
  readonly #known: Set<string>;
  #bytes: Uint8Array;
  #seq = 0;

  constructor(
    private readonly place: LedgerPlace,
    attempts: readonly Attempt[],
  ) {
    this.#attempt = (attempts.at(-1)?.content.claim.attempt ?? 0) + 1;
    this.#known = new Set(attempts.map(({ key }) => key));
    this.#bytes = packLines([place.header]);
  }

  async claim(notes: ClaimNotes): Promise<boolean> {
    await this.#write({ notes, lines: [] }, this.place.signal);
    return !(await this.#isOvertaken(this.place.signal));
  }

  async append(addition: LedgerAddition, signal = this.place.signal): Promise<void> {
    await this.confirm(signal);
    await this.#write(addition, signal);
  }

  async confirm(signal = this.place.signal): Promise<void> {
    if (await this.#isOvertaken(signal))
      throw new Failure('Fenced', `${this.place.key}: another attempt has claimed the ledger`);
  }

  async #write({ notes, lines }: LedgerAddition, signal: AbortSignal): Promise<void> {
    const claim = this.#claim(notes);
    const bytes = Buffer.concat([this.#bytes, packLines([claim, ...lines])]);
    await overwriteObject(this.place.store, { key: this.#key, bytes }, signal);
    this.#bytes = bytes;
    this.#seq += 1;
  }

  async #isOvertaken(signal: AbortSignal): Promise<boolean> {
    const { store, key } = this.place;
    for await (const each of listKeys(store, attemptsPrefix(key), signal)) {
      if (each === this.#key || this.#known.has(each)) continue;
      const object = await readObject(store, { key: each, maxBytes: sizeLimits.ledger }, signal);
      if (object === undefined) continue;
      const content = parseLedger(object.bytes, each);
      checkLedger(content, this.place);
      if (compareClaims(content.claim, this.#claim({})) > 0) return true;
      this.#known.add(each);
    }
    return false;
  }

  #claim(notes: ClaimNotes): LedgerClaim {
    const { epoch } = this.place;
    const [token, seq, attempt] = [this.#token, this.#seq, this.#attempt];
    return { type: 'claim', epoch, token, seq, attempt, at: new Date().toISOString(), ...notes };
  }

  get #key(): string {
    return `${attemptsPrefix(this.place.key)}${String(this.place.epoch)}-${this.#token}.ndjson.gz`;
  }
}
