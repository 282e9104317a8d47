import type { ExitStatus } from './exit-status.js';

/** An error that is shown to the user as it stands: what was being done to what, why it failed, and what to do next. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly next: string | undefined;

  constructor(
    readonly exitStatus: ExitStatus,
    message: string,
    more: { readonly next?: string; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.next = more.next;
  }
}

/**
 * The reason with which the context's signal is aborted: the user pressed Ctrl-C, or the system asked the program to
 * end.
 */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}
