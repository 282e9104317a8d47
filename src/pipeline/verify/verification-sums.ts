import type { FailureClass } from '../../domain/failure-classes.js';
import type { Receipt } from '../../domain/receipt.js';
import type { FoundDifference, VerificationRecord } from '../../domain/stored/verification-records.js';

const firstMax = 100;

/** Sums up the receipts of a verification in bounded memory. */
export class VerificationSums {
  readonly #classes = new Map<FailureClass, number>();
  #first: readonly (FoundDifference & { readonly index: number })[] = [];
  #objects = 0;
  #intact = 0;
  #archived = 0;
  #readBack = { objects: 0, bytes: 0 };

  add(receipt: Receipt): void {
    const { state, verified, bytes } = receipt;
    this.#objects += 1;
    if (verified?.archived !== undefined) this.#archived += 1;
    if (verified?.readBack === true)
      this.#readBack = { objects: this.#readBack.objects + 1, bytes: this.#readBack.bytes + bytes.target };
    if (state === 'failed') this.#addDifference(receipt);
    else this.#intact += 1;
  }

  get sums(): Omit<VerificationRecord, 'format' | 'additional' | 'endedAt'> {
    const differences = [...this.#classes].map(([name, objects]) => ({ class: name, objects }));
    return {
      ...{ objects: this.#objects, intact: this.#intact, readBack: this.#readBack, archived: this.#archived },
      differences: differences.sort((a, b) => b.objects - a.objects || (a.class < b.class ? -1 : 1)),
      first: this.#first.map(({ index: _index, ...found }) => found),
    };
  }

  #addDifference({ index, id, key, class: name = 'Unexpected', message = '' }: Receipt): void {
    this.#classes.set(name, (this.#classes.get(name) ?? 0) + 1);
    const last = this.#first.at(-1);
    if (this.#first.length >= firstMax && last !== undefined && last.index < index) return;
    const found = { index, id, key, class: name, message: message.slice(0, messageMax) };
    this.#first = [...this.#first, found].sort((a, b) => a.index - b.index).slice(0, firstMax);
  }
}

// With keys of up to 1,024 bytes, a hundred of them stay far below the limit of the record.
const messageMax = 1_000;
