/** How far something has got. */
export interface ProgressFrame {
  readonly done: number;
  /** Null while it is unknown. */
  readonly total: number | null;
  /** Text beside the bar. */
  readonly head: string;
  /** Lines below the bar. */
  readonly rows: readonly string[];
  /** The same as one line, without a bar. */
  readonly line: string;
}

/** Shows progress on standard error: bars on a terminal, an occasional line elsewhere. */
export interface ProgressView {
  show(frame: ProgressFrame): void;
  /** Prints a line that stays, above the bars. */
  note(line: string): void;
  /** Ends the view. What it drew last stays. May be called twice. */
  close(): void;
}
