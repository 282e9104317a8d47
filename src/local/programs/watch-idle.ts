/** A watch over something that brings bytes. */
export interface IdleWatch {
  /** Aborted when nothing came for the idle time, or with the signal that was given. */
  readonly signal: AbortSignal;
  /** Tells the bytes so far; what is told is a sign of life even where it is the same number. */
  readonly seen: (bytes: number) => void;
  close(): void;
}

/** Between two lines of progress while bytes come. */
const lineIntervalMs = 3_000;

/** Watches a download: `idleMs` without a sign of life aborts it, however long it takes in total; a line every 3 s tells the megabytes. */
export function watchIdle(options: {
  readonly idleMs: number;
  readonly label: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}): IdleWatch {
  const { idleMs, label, progress } = options;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error(`nothing came for ${idleMs / 1_000} s`)), idleMs);
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
