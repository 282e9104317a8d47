import type { Failure } from '../../../domain/failure.js';

/** Requests that fail at the moment: since when, and how the last one failed. */
export interface RequestTrouble {
  readonly sinceMs: number;
  readonly failure: Failure;
}

/**
 * What one try at a unit has trouble with at the moment. Requests are distinguished by their kind: a HEAD that is
 * answered says nothing about puts that are not.
 */
export class RequestTroubles {
  readonly #byKind = new Map<string, RequestTrouble>();

  failed(kind: string, failure: Failure, nowMs: number): void {
    this.#byKind.set(kind, { sinceMs: this.#byKind.get(kind)?.sinceMs ?? nowMs, failure });
  }

  answered(kind: string): void {
    this.#byKind.delete(kind);
  }

  /** The trouble that has lasted longest. */
  get oldest(): RequestTrouble | undefined {
    return [...this.#byKind.values()].sort((a, b) => a.sinceMs - b.sinceMs)[0];
  }
}
