/** Emphasis of text on one output. Where colours are off, every function returns its text unchanged. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** Standard output or standard error. */
export interface TextOutput {
  readonly isTerminal: boolean;
  readonly style: Style;
  /** What `write` writes to, for code that draws by itself. */
  readonly stream: NodeJS.WritableStream;
  write(text: string): void;
}
