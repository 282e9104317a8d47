/** How far something has got. */
export interface ProgressFrame {
  readonly done: number;
  /** Null while it is unknown. */
  readonly total: number | null;
  /** Parts of the text beside the bar, what matters most first. */
  readonly head: readonly string[];
  /** Lines below the bar, each in parts. Where the terminal is too narrow, a line is broken between parts. */
  readonly rows: readonly (readonly string[])[];
  /** The same as one line, without a bar. */
  readonly line: string;
  /** What a reader of the lines must learn at once: a line is printed whenever it changes. */
  readonly state?: string;
}

/** Shows progress on standard error: a bar on a terminal, an occasional line elsewhere. */
export interface ProgressView {
  show(frame: ProgressFrame): void;
  /** Prints a line that stays, above the bar. */
  note(line: string): void;
  /** Ends the view. What it drew last stays. May be called twice. */
  close(): void;
}

/** Returns a frame with one sentence about progress. */
export function sentenceFrame(sentence: string, done = 0, total: number | null = null): ProgressFrame {
  return { done, total, head: [sentence], rows: [], line: sentence };
}
