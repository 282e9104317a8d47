import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../../src/definition/patterns/compile-glob.js';

// How picomatch reads globs as names of blobs, where a leading dot means nothing and the backslash escapes everywhere.
const options = { dot: true, windows: false, nonegate: true, strictSlashes: true, flags: 'su' } as const;

// Names without the segments `.` and `..`, and without empty ones: picomatch gives them a meaning of their own.
const segment = fc
  .string({ unit: fc.constantFrom('a', 'b', '-', '_', '.', '0', '7', '*', '💥', '\n'), minLength: 1, maxLength: 4 })
  .filter((text) => !/^\.\.?$/.test(text));
const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

const plain = fc.constantFrom('a', 'b', '-', '_', '.', '0', '\\*', '\\?', '\\[', '\\{');
// Two dots in braces are a range.
const inBraces = plain.filter((text) => text !== '.');
const piece = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 3, arbitrary: fc.constantFrom('*', '?', '[a-b]', '[^a]', '[-0]', '[.7]') },
  fc
    .array(fc.string({ unit: inBraces, minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 3 })
    .map((choices) => `{${choices.join(',')}}`),
);
const globSegment = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')) },
    { weight: 1, arbitrary: fc.constant('**') },
  )
  .filter((text) => text === '**' || (!text.includes('**') && !/^\.\.?$/.test(text)));
const glob = fc.array(globSegment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

describe('a glob', () => {
  it('matches the names that picomatch matches', () => {
    let matched = 0;
    fc.assert(
      fc.property(glob, fc.array(name, { minLength: 1, maxLength: 8 }), (pattern, names) => {
        const [ours, theirs] = [compileGlob(pattern), picomatch(pattern, options)];
        const expected = names.filter((each) => theirs(each));
        matched += expected.length;
        expect(names.filter(ours)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it('is matched in time proportional to the name, whatever the pattern', () => {
    const hostile = fc.array(fc.constantFrom('?', 'a', '[ab]', '{a,ab}'), { minLength: 4, maxLength: 6 });
    fc.assert(
      fc.property(hostile, fc.constantFrom('a', 'ab', 'b'), (pieces, repeated) => {
        const test = compileGlob(`${pieces.join('*')}z`);
        expect(test(repeated.repeat(1_024))).toBe(false);
        expect(test(`${repeated.repeat(1_024)}z`)).toBe(picomatchSaysOf(pieces, repeated));
      }),
      { numRuns: 50 },
    );
  });
});

// On a short name even a search ends.
const picomatchSaysOf = (pieces: readonly string[], repeated: string): boolean =>
  picomatch(`${pieces.join('*')}z`, options)(`${repeated.repeat(16)}z`);
