import { Failure } from '../../../domain/failure.js';
import type { Receipt } from '../../../domain/receipt.js';
import { AttemptBlocked } from './attempt-blocked.js';

/**
 * Holds back the receipts of units whose objects the target refused, until it is clear whose fault that is: as soon as
 * the target accepts the object of another unit, it is theirs; if it refuses several and accepts none, it is the
 * target's, and no unit fails.
 */
export class RefusedObjects {
  readonly #held: Receipt[] = [];
  #targetTakes = false;

  /** `target` names the target, such as `target archive`. */
  constructor(private readonly target: string) {}

  /**
   * Takes the receipt of a unit that has just ended and returns those that count by now. Throws {@link AttemptBlocked}.
   */
  take(receipt: Receipt): readonly Receipt[] {
    if (receipt.state === 'done') this.#targetTakes = true;
    if (receipt.class === 'TargetRefused' && !this.#targetTakes) {
      this.#held.push(receipt);
      if (this.#held.length >= severalUnits) throw this.#blocked(receipt);
      return [];
    }
    return this.#targetTakes ? [...this.#held.splice(0), receipt] : [receipt];
  }

  /**
   * Returns the receipts that are still held back, once no other unit can tell more. Throws {@link AttemptBlocked} if
   * they are several.
   */
  takeRest(): readonly Receipt[] {
    const [first, second] = this.#held;
    if (first !== undefined && second !== undefined) throw this.#blocked(first);
    return this.#held.splice(0);
  }

  #blocked({ message = '' }: Receipt): AttemptBlocked {
    return new AttemptBlocked(new Failure('TargetRefused', message, { what: this.target }));
  }
}

const severalUnits = 3;
