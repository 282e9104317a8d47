/** The error of a wait that lasted too long. */
export class IdleTimeout extends Error {
  override readonly name = 'IdleTimeout';

  constructor(readonly idleMs: number) {
    super(`nothing arrived for ${idleMs / 1_000} s`);
  }
}

/** The error of a body that arrives too slowly. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';

  constructor(
    readonly bytes: number,
    readonly withinMs: number,
  ) {
    super(`only ${bytes} bytes arrived in ${withinMs / 1_000} s`);
  }
}

/** Reports whether an error means that a connection has stalled, so that a new one may fare better. */
export function isStall(error: unknown): boolean {
  return error instanceof IdleTimeout || error instanceof TooSlow;
}
