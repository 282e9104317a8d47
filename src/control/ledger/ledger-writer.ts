import { Failure } from '../../domain/failure.js';
import type { ClaimNotes, LedgerClaim, LedgerHeader, LedgerLine } from '../../domain/stored/ledger-lines.js';
import type { ControlStore } from '../control-store.js';
import { damaged } from '../damage.js';
import { OwnedObject, type OwnerMark } from '../owned-object.js';
import { sizeLimits } from '../size-limits.js';
import { readObject } from '../stored-object.js';
import { packLines, parseLedger, type LedgerContent } from './ledger-format.js';

/** Which ledger an attempt wants to write, and under which epoch. */
export interface LedgerPlace {
  readonly store: ControlStore;
  readonly key: string;
  readonly header: LedgerHeader;
  readonly epoch: number;
  /** Whether the store ignores conditions: then every attempt writes an object of its own. */
  readonly degraded?: boolean;
  readonly signal: AbortSignal;
}

/** What one write adds: a claim with these notes, and lines after it. */
export interface LedgerAddition {
  readonly notes: ClaimNotes;
  readonly lines: readonly LedgerLine[];
}

/**
 * One attempt's access to a ledger. Contract: `claim` comes first and returns false if another attempt was faster: read
 * again and retry. `append` fails with `Fenced` once another attempt has claimed, with `Superseded` if a higher epoch
 * has, and with `LedgerLost` if the ledger has vanished. Lost replies are settled inside. Neither is for concurrent
 * callers.
 */
export interface LedgerWriter {
  claim(notes: ClaimNotes): Promise<boolean>;
  append(addition: LedgerAddition, signal?: AbortSignal): Promise<void>;
  /** Fails as `append` would if this attempt no longer counts. May overlap with the other calls. */
  confirm(): Promise<void>;
}

/** A ledger as found, and the writer that may claim it. */
export interface OpenedLedger {
  readonly content: LedgerContent | undefined;
  readonly writer: LedgerWriter;
}

/** Reads the ledger of a slice: one object, which every write replaces on the condition that it has not changed. */
export async function openLedger(place: LedgerPlace): Promise<OpenedLedger> {
  const { store, key, signal } = place;
  const object = await readObject(store, { key, maxBytes: sizeLimits.ledger }, signal);
  if (object === undefined) return { content: undefined, writer: new ReplacingWriter(place, undefined) };
  const content = parseLedger(object.bytes, key);
  checkLedger(content, place);
  const bytes = content.claims <= claimsMax ? object.bytes : compacted(content);
  return { content, writer: new ReplacingWriter(place, { bytes, etag: object.etag }) };
}

// Every write of every attempt adds a claim of a few hundred bytes: a slice that is tried again for weeks must not
// outgrow what is read.
const claimsMax = 256;

/** Returns the bytes of a ledger without its claims: what they say is in the claim that comes next. */
function compacted({ header, receipts }: LedgerContent): Uint8Array {
  const lines = [...receipts.values()].map((receipt) => ({ type: 'receipt', ...receipt }) as const);
  return packLines([header, ...lines]);
}

/**
 * Fails with `Superseded` if a higher epoch has claimed the ledger, with `LedgerMismatch` if the ledger is about
 * something else.
 */
export function checkLedger(content: LedgerContent, place: LedgerPlace): void {
  checkEpoch(content.claim.epoch, place);
  for (const field of ['definition', 'firstUnit', 'units', 'staged'] as const) {
    const found = content.header[field];
    const expected = place.header[field];
    if (found === expected) continue;
    throw damaged(place.key, `its ${field} is ${String(found)}, not ${String(expected)}`);
  }
}

function checkEpoch(found: number, { key, epoch }: LedgerPlace): void {
  if (found <= epoch) return;
  throw new Failure('Superseded', `${key} was claimed under epoch ${String(found)}, this is epoch ${String(epoch)}`);
}

/** Adds gzip members to the ledger object; each begins with the claim of this attempt. */
class ReplacingWriter implements LedgerWriter {
  readonly #object: OwnedObject;
  #bytes: Uint8Array;

  constructor(
    private readonly place: LedgerPlace,
    found: { readonly bytes: Uint8Array; readonly etag: string } | undefined,
  ) {
    const { store, key, header } = place;
    this.#bytes = found?.bytes ?? packLines([header]);
    this.#object = new OwnedObject({
      store,
      key,
      etag: found?.etag,
      maxBytes: sizeLimits.ledger,
      readMark: (bytes) => this.#readMark(bytes),
      goneClass: 'LedgerLost',
    });
  }

  async claim(notes: ClaimNotes): Promise<boolean> {
    return (await this.#add({ notes, lines: [] }, this.place.signal)) === 'written';
  }

  async append(addition: LedgerAddition, signal = this.place.signal): Promise<void> {
    if ((await this.#add(addition, signal)) === 'taken')
      throw new Failure('Fenced', `${this.place.key}: another attempt has claimed the ledger`);
  }

  async confirm(): Promise<void> {
    if (await this.#object.isOwn(this.place.signal)) return;
    throw new Failure('Fenced', `${this.place.key}: another attempt has claimed the ledger`);
  }

  async #add({ notes, lines }: LedgerAddition, signal: AbortSignal): Promise<'written' | 'taken'> {
    let bytes = this.#bytes;
    const outcome = await this.#object.replace((mark) => {
      const { epoch } = this.place;
      const claim: LedgerClaim = { type: 'claim', epoch, ...mark, at: new Date().toISOString(), ...notes };
      bytes = Buffer.concat([this.#bytes, packLines([claim, ...lines])]);
      return bytes;
    }, signal);
    if (outcome === 'written') this.#bytes = bytes;
    return outcome;
  }

  #readMark(bytes: Uint8Array): OwnerMark {
    const { claim } = parseLedger(bytes, this.place.key);
    checkEpoch(claim.epoch, this.place);
    return claim;
  }
}
