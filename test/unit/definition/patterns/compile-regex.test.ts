import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../../src/definition/patterns/compile-regex.js';

describe('a regular expression', () => {
  it('matches somewhere in a text, and captures its first group as written', () => {
    const pattern = compileRegex(String.raw`-(\d+)\.json(\.bz2)?$`);
    expect(pattern.groups).toBe(2);
    expect(pattern.test('x/p-007.json')).toBe(true);
    expect(pattern.capture('x/p-007.json')).toBe('007');
    expect(pattern.test('x/p-007.jsonl')).toBe(false);
    expect(pattern.capture('x/p-007.jsonl')).toBeUndefined();
  });

  it('has no capture where its group takes no part', () => {
    expect(compileRegex('a(b)?').capture('a')).toBeUndefined();
  });

  it.each([
    ['^a(?=b)', 2, 'lookahead and lookbehind are not supported, since patterns are matched in linear time'],
    ['(?<!a)b', 0, 'lookahead and lookbehind are not supported, since patterns are matched in linear time'],
    ['x(?<=a)', 1, 'lookahead and lookbehind are not supported, since patterns are matched in linear time'],
    [String.raw`(a)\1`, 3, 'backreferences are not supported, since patterns are matched in linear time'],
    [String.raw`(?<n>a)\k<n>`, 7, 'backreferences are not supported, since patterns are matched in linear time'],
    ['a(?>b)', 1, 'atomic groups are not supported, since patterns are matched in linear time'],
    ['a{,3}', 1, 'a brace that is not a repetition'],
    ['a{', 1, 'a brace that is not a repetition'],
    ['a**', 1, 'not a regular expression: invalid nested repetition operator'],
    ['a[b', 1, 'not a regular expression: missing closing ]'],
    ['b{1001}', 1, 'not a regular expression: invalid repeat count'],
    ['(?:[a-z0-9]{1000}x){1}'.repeat(6), 0, 'it is too large'],
    ['a'.repeat(1_025), 0, 'it has more than 1024 characters'],
  ])('%j is refused at %i', (text, offset, message) => {
    expect(() => compileRegex(text)).toThrow(expect.objectContaining({ name: 'PatternError', message, offset }));
  });

  it.each([
    [String.raw`\(?=\{x\}`, '(={x}'],
    ['[(?=]', '('],
    ['[]{]', '{'],
    [String.raw`[\]{]`, '{'],
    ['[[:alpha:]{]', '{'],
    [String.raw`\\1`, '\\1'],
    [String.raw`\p{Greek}{2,}`, 'αβγ'],
    [String.raw`\Q{(?=\E`, '{(?='],
    ['(?<n>a){2}', 'aa'],
  ])('%j is none of these, and works', (text, match) => {
    expect(compileRegex(text).test(match)).toBe(true);
  });

  it('never backtracks: patterns that a backtracking engine never finishes are done at once', () => {
    for (const text of ['(a*)*b', '(a|a)*b', '(a+a+)+b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*)(.*)(.*)(.*)[^a](b)$']) {
      const pattern = compileRegex(text);
      expect(pattern.test('a'.repeat(1_024)), text).toBe(false);
      expect(pattern.capture('a'.repeat(1_024)), text).toBeUndefined();
    }
  });
});
