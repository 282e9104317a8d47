import { displayWidth } from './display-width.js';

/**
 * Breaks a text between words so that its lines fit in `width` columns; lines after the first are indented by four
 * more. Figures stay with their units and commands in backticks stay whole, so that they can be read and pasted; a word
 * that is longer than a line gets a line of its own.
 */
export function wrapText(text: string, width: number): readonly string[] {
  const hanging = `${/^ */.exec(text)?.[0] ?? ''}    `;
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of wordsOf(text)) {
    if (line === undefined) line = word;
    else if (displayWidth(line + word) <= width) line += word;
    else {
      lines.push(line);
      line = hanging + word.trimStart();
    }
  }
  return line === undefined ? [''] : [...lines, line];
}

/** Returns what must stay on one line, each piece with the spaces before it. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/ *(?:`[^`]*`|[^\s`]|`)+/g)) {
    const before = words.at(-1);
    if (before !== undefined && belongTogether(before, word)) words[words.length - 1] = before + word;
    else words.push(word);
  }
  return words;
}

/** `41.0` and `MB`, `3 min` and `05 s`: a part of them would be another figure. */
function belongTogether(before: string, word: string): boolean {
  return /\d$/.test(before) || (/\d (?:min|h|d)$/.test(before) && /^ \d/.test(word));
}
