/** Watches something that delivers bytes. */
export interface IdleWatch {
  /** Aborted when nothing arrived for the idle time, or with the given signal. */
  readonly signal: AbortSignal;
  /** Reports the bytes so far. Each call is a sign of life, even with the same number. */
  readonly seen: (bytes: number) => void;
  close(): void;
}

/** Between two lines of progress while bytes arrive. */
const lineIntervalMs = 3_000;

/**
 * Watches a download: `idleMs` without a sign of life aborts it, however long it takes in total. Reports the megabytes
 * every 3 s.
 */
export function watchIdle(options: {
  readonly idleMs: number;
  readonly label: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}): IdleWatch {
  const { idleMs, label, progress } = options;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error(`nothing arrived for ${idleMs / 1_000} s`)), idleMs);
  let nextLineAt = performance.now() + lineIntervalMs;
  return {
    signal: AbortSignal.any([options.signal, idle.signal]),
    seen: (bytes) => {
      timer.refresh();
      if (bytes === 0 || performance.now() < nextLineAt) return;
      nextLineAt = performance.now() + lineIntervalMs;
      progress(`fetching ${label}: ${(bytes / 1e6).toFixed(1)} MB`);
    },
    close: () => clearTimeout(timer),
  };
}
