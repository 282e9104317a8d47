import { describe, expect, it } from 'vitest';
import { createStyle } from '../../../../src/commands/screen/create-style.js';
import { printable, printableJson } from '../../../../src/commands/screen/printable.js';
import { shellWord } from '../../../../src/commands/screen/shell-word.js';

describe('a printed text', () => {
  it.each([
    ['an escape sequence', 'a\u001b[2Jb', String.raw`a\u001b[2Jb`],
    ['a C1 control', 'a\u009b31mb', String.raw`a\u009b31mb`],
    ['a carriage return and a tab', 'a\r\tb', String.raw`a\u000d\u0009b`],
    ['an override of direction', 'a\u202eb', String.raw`a\u202eb`],
    ['an isolate of direction', 'a\u2066b\u2069', String.raw`a\u2066b\u2069`],
    ['a colour that is not ours to give', '\u001b[31mred', String.raw`\u001b[31mred`],
  ])('shows %s instead of obeying it', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('keeps line breaks, letters of any script, and on a terminal our own colours', () => {
    const { good, bold, dim } = createStyle(true);
    const text = `${good('fertig')} ${bold('日本')} ${dim('ö')}\nעברית`;
    expect(printable(text, { isStyled: true })).toBe(
      '\u001b[32mfertig\u001b[39m \u001b[1m日本\u001b[22m \u001b[2mö\u001b[22m\nעברית',
    );
    expect(printable(text)).toBe('fertig 日本 ö\nעברית');
    expect(printable('\u001b[8mhidden\u001b[5m', { isStyled: true })).toBe(String.raw`\u001b[8mhidden\u001b[5m`);
  });

  it('obeys no colour of a name, not even one of ours, inside or outside of what we paint', () => {
    const name = 'a\u001b[32mcompleted\u001b[39m';
    expect(printable(`${name} ${createStyle(true).bad(name)}`, { isStyled: true })).toBe(
      String.raw`a\u001b[32mcompleted\u001b[39m ` + `\u001b[31m${String.raw`a\u001b[32mcompleted\u001b[39m`}\u001b[39m`,
    );
  });

  it('means the same as JSON', () => {
    const value = { id: 'a\u202e\u009b\u001b"\\' };
    expect(JSON.parse(printableJson(JSON.stringify(value)))).toEqual(value);
    expect(printableJson(JSON.stringify(value))).toBe(String.raw`{"id":"a\u202e\u009b\u001b\"\\"}`);
  });
});

describe('a word for a shell', () => {
  it.each([
    ['orders', 'orders'],
    ['./a-b/migration.yaml', './a-b/migration.yaml'],
    ['my file.yaml', "'my file.yaml'"],
    ["it's", String.raw`'it'\''s'`],
    ['$(rm -rf /)', "'$(rm -rf /)'"],
    ['', "''"],
  ])('of %j is %s', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});
