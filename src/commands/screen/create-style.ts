import { styleText } from 'node:util';
import type { Style } from '../ports/text-output.js';

/** Returns a style. `enabled` is for a terminal whose user has not set NO_COLOR. */
export function createStyle(enabled: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    enabled ? forced(format, text, { validateStream: false }) : text;
  return { bold: paint('bold'), dim: paint('dim'), good: paint('green'), bad: paint('red'), warn: paint('yellow') };
}

// Newer versions of Node look at standard output to decide about colours, which may be another output than this one.
const forced = styleText as (
  format: Parameters<typeof styleText>[0],
  text: string,
  options?: { readonly validateStream: boolean },
) => string;
