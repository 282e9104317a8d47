/** How far something is. `total` is null as long as nobody knows it. */
export interface ProgressFrame {
  readonly done: number;
  readonly total: number | null;
  /** Stands beside the bar. */
  readonly head: string;
  /** Stand below the bar. */
  readonly rows: readonly string[];
  /** The same without a bar. */
  readonly line: string;
}

/** Shows progress on standard error: bars on a terminal, now and then a line elsewhere. */
export interface ProgressView {
  show(frame: ProgressFrame): void;
  /** Says something that stays, above the bars. */
  note(line: string): void;
  /** Ends the view; what it drew last stays. May be called twice. */
  close(): void;
}
