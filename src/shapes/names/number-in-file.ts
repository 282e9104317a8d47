import type { DateRun } from './date-run.js';
import { shapeKey } from '../shape-key.js';
import type { Token } from './token.js';

/** The last number in the name of a file, and what is around it. */
export interface NumberInFile {
  readonly number: number;
  /** The name without the number. */
  readonly stem: string;
  /** Equal for names that are made alike apart from the number's width. */
  readonly series: string;
}

/** Finds the last number of a file's name that is not a date; undefined if there is none. */
export function numberInFile(tokens: readonly Token[], dates: readonly DateRun[]): NumberInFile | undefined {
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    const token = tokens[index];
    if (token === undefined || (token.kind === 'literal' && token.text.includes('/'))) return undefined;
    if (dates.some((run) => run.some((field) => field.token === index))) continue;
    const digits = token.kind === 'digits' || token.kind === 'text' ? lastDigits(token.text) : undefined;
    if (digits === undefined) continue;
    const around = (middle: Token): readonly Token[] => [...tokens.slice(0, index), middle, ...tokens.slice(index + 1)];
    const rest = `${token.text.slice(0, digits.at)}\0${token.text.slice(digits.at + digits.text.length)}`;
    return {
      number: Number(digits.text),
      stem: around({ kind: 'text', text: rest })
        .map(({ text }) => text)
        .join(''),
      series: shapeKey(around({ kind: 'literal', text: `\0${token.kind}` })),
    };
  }
  return undefined;
}

function lastDigits(text: string): { readonly text: string; readonly at: number } | undefined {
  const found = /\d{1,15}(?=\D*$)/.exec(text);
  return found === null ? undefined : { text: found[0], at: found.index };
}
