import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../../src/definition/patterns/compile-glob.js';

describe('a glob', () => {
  it.each<readonly [glob: string, matches: readonly string[], others: readonly string[]]>([
    ['a.b', ['a.b'], ['axb', 'A.b', 'a.b ', 'a.b/']],
    ['*', ['a', '.a', 'a\nb', '💥'], ['', 'a/', '/a', 'a/b']],
    ['a*', ['a', 'ab', 'a*'], ['ba', 'a/']],
    ['a*b', ['ab', 'axb'], ['a/b']],
    ['?', ['a', '?', '💥'], ['', 'ab', '/']],
    ['**', ['a', 'a/b', '/', 'a//b', '.a/.b'], ['']],
    ['**/a', ['a', 'x/a', 'x/y/a', '/a'], ['xa', 'a/x', 'a/']],
    ['a/**', ['a/', 'a/b', 'a/b/c'], ['a', 'ab']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b', 'a//b'], ['ab', 'a/xb']],
    ['a**', ['a', 'abc'], ['a/b']],
    ['[a-c]', ['a', 'c'], ['d', '-', 'ab']],
    ['[!a-c]', ['d', '!', '💥'], ['a', '/', '']],
    ['[^a-c]', ['d', '^'], ['b', '/']],
    ['[]a]', [']', 'a'], ['[']],
    ['[a-]', ['a', '-'], ['b']],
    ['[\\]x]', [']', 'x'], ['\\']],
    ['[*?{(]', ['*', '?', '{', '('], ['a']],
    ['{a,b/c,}x', ['ax', 'b/cx', 'x'], ['a', 'bx', '{a,b/c,}x']],
    ['{a,{b,c}d}', ['a', 'bd', 'cd'], ['b', 'ad']],
    ['p-{08..11}', ['p-08', 'p-09', 'p-10', 'p-11'], ['p-8', 'p-12', 'p-1']],
    ['{*,x}', ['a', 'x'], ['', 'a/b']],
    ['\\*\\{\\(a\\)\\|', ['*{(a)|'], ['x{(a)|']],
    ['!a', ['!a'], ['b']],
    ['a,b', ['a,b'], ['a']],
    [String.raw`$^+.&@~"'#`, [String.raw`$^+.&@~"'#`], ['$']],
  ])('%j matches %j and not %j', (glob, matches, others) => {
    const test = compileGlob(glob);
    expect(matches.filter((name) => !test(name))).toEqual([]);
    expect(others.filter(test)).toEqual([]);
  });

  it.each([
    ['', 0, 'it is empty'],
    ['a(b|c)', 1, '"(" has no meaning in a glob'],
    ['a|b', 1, '"|" has no meaning in a glob'],
    ['a{b}', 1, 'braces need alternatives, {a,b}, or a range, {01..31}'],
    ['x{a,b', 1, 'braces need alternatives, {a,b}, or a range, {01..31}'],
    ['x{a..c}', 1, 'braces need alternatives, {a,b}, or a range, {01..31}'],
    ['a}', 1, '"}" was never opened'],
    ['a\\', 1, 'a backslash at the end'],
    ['a[b', 1, '"[" is never closed'],
    ['a[]', 1, '"[" is never closed'],
    ['[[:alpha:]]', 1, 'named classes are not supported'],
    ['[c-a]', 1, 'the range ends before it begins'],
    ['[a/]', 2, 'a class cannot contain the slash'],
    ['[+-9]', 1, 'a class cannot contain the slash'],
    ['{3..1}', 0, 'the range ends before it begins'],
    ['{1..9999}', 0, 'the range has more than 1000 numbers'],
    ['{09..100}', 0, 'the ends of the range have different widths'],
    ['{a,b}'.repeat(10), 0, 'it has more than 1000 alternatives'],
    ['{a,'.repeat(9) + '}'.repeat(9), 24, 'braces are nested too deeply'],
    ['{001..999}/' + 'a'.repeat(20), 0, 'it is too large'],
    ['a'.repeat(1_025), 0, 'it has more than 1024 characters'],
  ])('%j is refused at %i', (glob, offset, message) => {
    expect(() => compileGlob(glob)).toThrow(expect.objectContaining({ name: 'PatternError', message, offset }));
  });

  it('never backtracks: a name that a backtracking engine tries for hours is refused at once', () => {
    const test = compileGlob('*_*_*_*.json.bz2');
    // Six billion ways to divide the underscores; a thousand names, so that a search would not go unnoticed.
    const names = Array.from({ length: 1_000 }, (_, tail) => `${'_'.repeat(800)}${String(tail)}`);
    expect(names.filter(test)).toEqual([]);
    expect(test(`${'_'.repeat(800)}.json.bz2`)).toBe(true);
  });
});
