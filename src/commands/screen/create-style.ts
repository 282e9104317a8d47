import type { Style } from '../ports/text-output.js';
import { colourMark } from './printable.js';

/**
 * Returns a style. `enabled` is for a terminal whose user has not set NO_COLOR. Only `printable` turns its marks into
 * colours.
 */
export function createStyle(enabled: boolean): Style {
  const paint = (on: number, off: number) => (text: string) =>
    enabled ? `${colourMark(on)}${text}${colourMark(off)}` : text;
  return { bold: paint(1, 22), dim: paint(2, 22), good: paint(32, 39), bad: paint(31, 39), warn: paint(33, 39) };
}
