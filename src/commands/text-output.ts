import type { Style } from './ports/text-output.js';

/** Standard output or standard error. */
export interface TextOutput {
  readonly isTerminal: boolean;
  readonly style: Style;
  /** Where `write` goes, for what draws by itself. */
  readonly stream: NodeJS.WritableStream;
  write(text: string): void;
}
