import { failureClassRow, isFailureClass, type FailureClass, type FailureClassRow } from './failure-classes.js';

/** The details of a {@link Failure}. */
export interface FailureContext {
  readonly cause?: unknown;
  /** The source blob concerned, as `account/container/name`. */
  readonly blob?: string | undefined;
  /** What it blocks, such as `account east` or `target archive`. */
  readonly what?: string | undefined;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  /** The store's own code, or Node's, such as `BlobArchived` or `ECONNRESET`. */
  readonly code?: string | undefined;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** A failure of a known class. Its message says what was being done, to what, and why it failed; it holds no secret. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly blob: string | undefined;
  readonly what: string | undefined;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly failureClass: FailureClass,
    message: string,
    readonly context: FailureContext = {},
  ) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.blob = context.blob;
    this.what = context.what;
    this.status = context.status;
    this.code = context.code;
    this.retryAfterMs = context.retryAfterMs;
  }

  get row(): FailureClassRow {
    return failureClassRow(this.failureClass);
  }
}

/** Returns the failure in an error: the error itself, the first among its causes, or an `Unexpected` that wraps it. */
export function toFailure(error: unknown): Failure {
  const chainMax = 8;
  let current: unknown = error;
  for (let depth = 0; depth < chainMax && current instanceof Error; depth += 1) {
    if (current instanceof Failure) return current;
    if ('failureClass' in current && typeof current.failureClass === 'string' && isFailureClass(current.failureClass)) {
      return new Failure(current.failureClass, current.message, { cause: current });
    }
    current = current.cause;
  }
  return new Failure('Unexpected', error instanceof Error ? `${error.name}: ${error.message}` : String(error), {
    cause: error,
  });
}
