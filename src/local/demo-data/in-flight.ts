/** Work that runs while its caller continues, up to a bound. */
export interface InFlight {
  /** Starts the work once there is room. Rejects with the first failure of any earlier work. */
  start(work: () => Promise<void>): Promise<void>;
  /** Waits for all open work. Rejects with the first failure. */
  drain(): Promise<void>;
  /** Waits for all open work, whether it succeeds or fails. */
  settle(): Promise<void>;
}

/** Bounds concurrent work to `openMax`, so that its producer waits for its consumer. */
export function inFlight(openMax: number): InFlight {
  const open = new Set<Promise<void>>();
  let failure: { readonly cause: unknown } | undefined;
  const rethrow = (): void => {
    if (failure !== undefined) throw failure.cause;
  };
  return {
    async start(work) {
      while (open.size >= openMax && failure === undefined) await Promise.race(open);
      rethrow();
      const running = work()
        .catch((cause: unknown) => {
          failure ??= { cause };
        })
        .finally(() => open.delete(running));
      open.add(running);
    },
    async drain() {
      await Promise.all(open);
      rethrow();
    },
    async settle() {
      await Promise.all(open);
    },
  };
}
