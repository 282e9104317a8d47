import { randomUUID } from 'node:crypto';
import type { FailureClass } from '../domain/failure-classes.js';
import { Failure } from '../domain/failure.js';
import type { ControlStore, ControlWrite } from './control-store.js';
import { readObject } from './stored-object.js';
import { tryAgain } from '../flow/try-again.js';

/** Who wrote an object last: the attempt, by its random token, and which of its writes it was. */
export interface OwnerMark {
  readonly token: string;
  /** 0 for the first write of an attempt, higher by one each time. */
  readonly seq: number;
}

/**
 * A control object that one attempt replaces again and again, each time on the condition that it has not changed since.
 * A write whose outcome is uncertain is settled by reading it back. {@link replace} is not for concurrent callers.
 */
export class OwnedObject {
  readonly #token = randomUUID();
  #etag: string | undefined;
  #seq = 0;

  constructor(
    private readonly place: {
      readonly store: ControlStore;
      readonly key: string;
      /** ETag as just read; undefined where the object is not there. */
      readonly etag: string | undefined;
      /** The most bytes that the object may have. */
      readonly maxBytes: number;
      /** Reads who wrote some content; may throw a Failure of its own. */
      readonly readMark: (bytes: Uint8Array) => OwnerMark;
      /** Class of the failure when an object that this attempt has seen is gone. */
      readonly goneClass: FailureClass;
    },
  ) {
    this.#etag = place.etag;
  }

  /**
   * Replaces the object. Returns `taken`, for good, if another attempt has replaced it. Fails with `goneClass` if it is
   * gone.
   */
  async replace(make: (mark: OwnerMark) => Uint8Array, signal: AbortSignal): Promise<'written' | 'taken'> {
    const mark = { token: this.#token, seq: this.#seq };
    this.#seq += 1;
    const bytes = make(mark);
    const { store, key } = this.place;
    return await tryAgain(async () => {
      const condition = this.#etag === undefined ? 'absent' : { etag: this.#etag };
      const outcome = await store.write(key, bytes, condition, signal);
      const etag = outcome.state === 'written' ? outcome.etag : await this.#settle(outcome, mark.seq, signal);
      if (etag === undefined) return 'taken';
      this.#etag = etag;
      return 'written';
    }, signal);
  }

  /** Tells whether this attempt wrote the object last. Fails with `goneClass` if it is gone. */
  async isOwn(signal: AbortSignal): Promise<boolean> {
    const { store, key, maxBytes, readMark, goneClass } = this.place;
    const object = await readObject(store, { key, maxBytes }, signal);
    if (object === undefined) throw new Failure(goneClass, `${key} is gone`);
    return readMark(object.bytes).token === this.#token;
  }

  /**
   * Settles a write by reading the object back. With our token and this `seq`, the write took effect, and its ETag is
   * returned. With our token and an older `seq`, or unchanged, it did not: fails retryably. With another's token,
   * returns undefined. Makes one request, because {@link replace} tries both again.
   */
  async #settle(outcome: ControlWrite, seq: number, signal: AbortSignal): Promise<string | undefined> {
    const { store, key, maxBytes, readMark, goneClass } = this.place;
    const object = await store.read(key, maxBytes, signal);
    const cause = outcome.state === 'unknown' ? outcome.cause : undefined;
    const again = new Failure('TargetUnknownOutcome', `${key}: the write did not take effect`, {
      cause,
      what: cause instanceof Failure ? cause.what : undefined,
    });
    if (object === undefined) {
      if (this.#etag === undefined) throw again;
      throw new Failure(goneClass, `${key} is gone`);
    }
    const mark = readMark(object.bytes);
    if (mark.token === this.#token) {
      if (mark.seq === seq) return object.etag;
      // Perhaps an earlier write of ours whose reply was lost for good: the caller sends again what it held.
      this.#etag = object.etag;
      throw again;
    }
    if (object.etag === this.#etag) throw again;
    return undefined;
  }
}
