/**
 * An error of the local stack that is shown to the user as it is. The message says what was being done, to what and why
 * it failed; `next` says what to do. `usage`: the request cannot be carried out as it is; `unreachable`: a part or a
 * download is not available.
 */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
  readonly next: string | undefined;

  constructor(
    readonly kind: 'usage' | 'unreachable',
    message: string,
    more: { readonly next?: string; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.next = more.next;
  }
}
