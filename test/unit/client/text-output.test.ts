import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { textOutput } from '../../../src/client/text-output.js';
import { readEnvironment } from '../../../src/env.js';

function outputOf(isTTY: boolean, variables: Readonly<Record<string, string>>) {
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  const output = textOutput(stream, { ...readEnvironment(), variables });
  return { isTerminal: output.isTerminal, hasColours: output.style.bold('x') !== 'x' };
}

describe('the output of the command line', () => {
  it.each([
    ['a terminal', true, { TERM: 'xterm-256color' }, { isTerminal: true, hasColours: true }],
    ['a dumb terminal', true, { TERM: 'dumb' }, { isTerminal: false, hasColours: false }],
    ['a terminal where NO_COLOR is set', true, { NO_COLOR: '1' }, { isTerminal: true, hasColours: false }],
    ['a pipe', false, { TERM: 'xterm-256color' }, { isTerminal: false, hasColours: false }],
  ])('of %s is drawn in place and coloured only where that is understood', (_, isTTY, variables, expected) => {
    expect(outputOf(isTTY, variables)).toEqual(expected);
  });
});
