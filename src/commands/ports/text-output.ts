import { styleText } from 'node:util';

/** Emphasis of text on one output; without colours every function gives its text back. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** Gives a style; `enabled` on a terminal, when the user has not set NO_COLOR. */
export function createStyle(enabled: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    enabled ? forced(format, text, { validateStream: false }) : text;
  return { bold: paint('bold'), dim: paint('dim'), good: paint('green'), bad: paint('red'), warn: paint('yellow') };
}

// Later versions of Node ask standard output about colours, which may not be the output meant: whether to paint is decided above.
const forced = styleText as (
  format: Parameters<typeof styleText>[0],
  text: string,
  options?: { readonly validateStream: boolean },
) => string;
