import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import { readUnits } from '../../../src/definition/units/read-units.js';
import { wellFormedUnits } from '../../support/migrations/well-formed-units.js';
import { isBadLine, type UnitLine } from '../../../src/definition/units/unit-line.js';

const loneReturn = 'a line ends with a carriage return alone; save the file with LF or CRLF line ends';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'longhaul-units-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a units file', () => {
  it('is CSV with a header, read as text with the number of each line', async () => {
    expect(await read('a.csv', '\ufefftenant,month\nacme,2019-07\n\n"b, ""c""",01\r\n')).toEqual([
      { line: 2, fields: { tenant: 'acme', month: '2019-07' }, text: 'acme,2019-07' },
      { line: 4, fields: { tenant: 'b, "c"', month: '01' }, text: '"b, ""c""",01' },
    ]);
  });

  it('keeps the numbers of lines right over values of several lines and either kind of line end', async () => {
    const units = await read('a.csv', 'a,b\r\n\r\n"x\r\ny",1\r\n2,"p\nq\nr"\r\n\r\n\r\n3,4');
    expect(units.map(({ line, fields }) => [line, fields['a']])).toEqual([
      [3, 'x\r\ny'],
      [5, '2'],
      [10, '3'],
    ]);
  });

  it('is JSON lines, with whole numbers as text', async () => {
    expect(await read('a.jsonl', '{"a":"x","n":7,"b":true}\n\n{"a":"__","n":"1.0","b":false}')).toEqual([
      { line: 1, fields: { a: 'x', n: '7', b: 'true' }, text: '{"a":"x","n":7,"b":true}' },
      { line: 3, fields: { a: '__', n: '1.0', b: 'false' }, text: '{"a":"__","n":"1.0","b":false}' },
    ]);
  });

  it('can have names and colons inside the values of JSON', async () => {
    const units = await read('a.jsonl', String.raw`{"a":"\"a\":","b":"a","c" : "b\\"}`);
    expect(units.map(({ fields }) => fields)).toEqual([{ a: '"a":', b: 'a', c: 'b\\' }]);
  });

  it('is plain text with one value a line', async () => {
    expect(await read('a.txt', 'one\r\n two \n\n')).toEqual([
      { line: 1, fields: { line: 'one' }, text: 'one' },
      { line: 2, fields: { line: ' two ' }, text: ' two ' },
    ]);
  });

  describe.each([
    ['csv', 'line,n', 'one,1', 'two,2'],
    ['jsonl', undefined, '{"line":"one","n":1}', '{"line":"two","n":2}'],
    ['txt', undefined, 'one', 'two'],
  ])('in the format %s', (format, header, one, two) => {
    it.each(
      ['\n', '\r\n'].flatMap((end) =>
        ['', '\ufeff'].flatMap((mark) =>
          ['', end, `${end}${end}`].flatMap((blank) =>
            ['plain', 'gz'].map((packing) => ({ end, mark, blank, packing })),
          ),
        ),
      ),
    )('reads the same units with %j', async ({ end, mark, blank, packing }) => {
      const text = `${mark}${[...(header === undefined ? [] : [header]), one].join(end)}${end}${blank}${two}${blank}`;
      const units = await read(
        packing === 'gz' ? `u.${format}.gz` : `u.${format}`,
        packing === 'gz' ? gzipSync(text) : text,
      );
      const first = header === undefined ? 1 : 2;
      expect(units.map(({ line, fields, text }) => [line, fields['line'], text])).toEqual([
        [first, 'one', one],
        [first + 1 + blank.length / end.length, 'two', two],
      ]);
    });
  });

  it('can have a single column whose name in quotes holds a semicolon', async () => {
    expect(await read('a.csv', '"a;b"\n1;2\n')).toEqual([{ line: 2, fields: { 'a;b': '1;2' }, text: '1;2' }]);
  });

  it('can have other fields in every line of JSON', async () => {
    const units = await read('a.jsonl', '{"a":1,"b":2}\n{"b":4,"c":3}\n');
    expect(units.map(({ fields }) => fields)).toEqual([
      { a: '1', b: '2' },
      { b: '4', c: '3' },
    ]);
  });

  it('can be compressed with gzip', async () => {
    expect(await read('a.txt.gz', gzipSync('one\ntwo'))).toHaveLength(2);
  });

  it.each<readonly [title: string, name: string, content: string | Buffer, message: string]>([
    [
      'a short line',
      'u.csv',
      'a,b\n1,2\n3\n',
      'u.csv:3: the line has 1 values, but the header has 2; quote a value that contains a comma',
    ],
    [
      'a long line',
      'u.csv',
      'a,b\n1,2,3\n',
      'u.csv:2: the line has 3 values, but the header has 2; quote a value that contains a comma',
    ],
    [
      'two columns of one name',
      'u.csv',
      'a,b,a\n1,2,3\n',
      'u.csv:1: two columns are named "a"; the first line names the columns',
    ],
    [
      'a column without a name',
      'u.csv',
      'a,,c\n1,2,3\n',
      'u.csv:1: column 2 has no name; the first line names the columns',
    ],
    ['an open quote', 'u.csv', 'a,b\n1,"2\n', 'u.csv:2: a quote is opened and never closed'],
    [
      'text after a quote',
      'u.csv',
      'a,b\n"1"x,2\n',
      'u.csv:2: text follows a closing quote; write a quote inside a value twice',
    ],
    [
      'a quote inside a value',
      'u.csv',
      'a,b\n1x"y",2\n',
      'u.csv:2: a quote begins inside a value; put the whole value in quotes',
    ],
    [
      'an endless line',
      'u.csv',
      `a,b\n${'x'.repeat(70_000)},2\n`,
      'u.csv:2: the line has more than 65536 characters; is a quote not closed?',
    ],
    ['lines of CSV that end with CR alone', 'u.csv', 'a,b\r1,2\r3,4\r', `u.csv:1: ${loneReturn}`],
    ['a line of CSV that ends with CR alone', 'u.csv', 'a,b\r\n"1\n",2\r\n3,4\r5,6\r\n', `u.csv:4: ${loneReturn}`],
    ['CSV that ends with CR alone', 'u.csv', 'a,b\n1,2\r', `u.csv:2: ${loneReturn}`],
    ['lines of text that end with CR alone', 'u.txt', 'a\n\nb\rc\r\n', `u.txt:3: ${loneReturn}`],
    ['text that ends with CR alone', 'u.txt', 'a\nb\r', `u.txt:2: ${loneReturn}`],
    ['JSON lines that end with CR alone', 'u.jsonl', '{"a":1}\r{"a":2}\r', `u.jsonl:1: ${loneReturn}`],
    [
      'an open quote over many lines, reported where it begins',
      'u.csv',
      `a,b\n1,2\n3,"${'x\n'.repeat(40_000)}`,
      'u.csv:3: the line has more than 65536 characters; is a quote not closed?',
    ],
    [
      'an endless line of text',
      'u.txt',
      `a\n${'x'.repeat(70_000)}\n`,
      'u.txt:2: the line has more than 65536 characters',
    ],
    [
      'Latin-1',
      'u.csv',
      Buffer.from('a\nx\nM\xfcller\n', 'latin1'),
      'u.csv:3: it is not valid UTF-8; save the file as UTF-8',
    ],
    [
      'a cut character',
      'u.txt',
      Buffer.from('a\nb\xc3', 'latin1'),
      'u.txt:2: it is not valid UTF-8; save the file as UTF-8',
    ],
    ...(
      [
        ['semicolons', ';'],
        ['tabs', '\t'],
        ['bars', '|'],
      ] as const
    ).map(
      ([words, separator]) =>
        [
          `CSV with ${words}`,
          'u.csv',
          `\ufefftenant${separator}month\r\nacme${separator}2019-07\r\n`,
          `u.csv:1: the columns seem to be separated by ${words}, which would be one column; ` +
            'separate them by commas, or put the name in quotes',
        ] as const,
    ),
    ['nothing', 'u.csv', '', 'u.csv: it has no units; each line is a unit'],
    ['a header alone', 'u.csv', 'a,b\n', 'u.csv: it has no units; each line is a unit'],
    ['broken JSON', 'u.jsonl', '{"a":"1"}\n{a}\n', 'u.jsonl:2: it is not valid JSON'],
    [
      'a field set twice',
      'u.jsonl',
      '{"a":"x","\\u0061":"y"}\n',
      String.raw`u.jsonl:1: the field "\u0061" is set twice; remove one`,
    ],
    ['a JSON list', 'u.jsonl', '["a"]\n', 'u.jsonl:1: it is not a JSON object'],
    [
      'a fraction',
      'u.jsonl',
      '{"a":1.10}\n',
      'u.jsonl:1: the field "a" cannot be used as text; put the number in quotes',
    ],
    [
      'a list in JSON',
      'u.jsonl',
      '{"a":["b"]}\n',
      'u.jsonl:1: the field "a" cannot be used as text; a field is text, a whole number, true or false',
    ],
    [
      'one line without end, zipped to kilobytes',
      'u.csv.gz',
      gzipSync(Buffer.alloc(2 ** 24, ',')),
      'u.csv.gz:1: the line has more than 65536 characters; is a quote not closed?',
    ],
    ['what is no gzip', 'u.txt.gz', 'plain', 'u.txt.gz: the units file cannot be read: it is not valid gzip'],
    [
      'a cut gzip',
      'u.txt.gz',
      gzipSync('one\ntwo').subarray(0, 14),
      'u.txt.gz: the units file cannot be read: its gzip ends too early',
    ],
  ])('is refused with file and line: %s', async (_, name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(
      expect.objectContaining({ failureClass: 'ConfigError', message }),
    );
  });

  it.each([
    ['missing.csv', 'missing.csv: the units file cannot be read: there is no such file beside the migration file'],
    ['folder.csv', 'folder.csv: the units file cannot be read: it is a folder'],
  ])('cannot be %s', async (from, message) => {
    mkdirSync(join(directory, 'folder.csv'), { recursive: true });
    await expect(readUnits({ from, directory }).next()).rejects.toThrow(
      expect.objectContaining({ failureClass: 'ConfigError', message }),
    );
  });

  it.each<readonly [format: string, text: string, lines: readonly unknown[]]>([
    [
      'csv',
      'a,b\n1,2\n3\n\n"4"x,5\n6,y"z"\n7,8,9\n10,5" pipe\n"11\n",12\n13,""\n',
      [
        [2, '1'],
        [3, 'the line has 1 values, but the header has 2; quote a value that contains a comma'],
        [5, 'text follows a closing quote; write a quote inside a value twice'],
        [6, 'a quote begins inside a value; put the whole value in quotes'],
        [7, 'the line has 3 values, but the header has 2; quote a value that contains a comma'],
        [8, 'a quote begins inside a value; put the whole value in quotes'],
        [9, '11\n'],
        [11, '13'],
      ],
    ],
    [
      'jsonl',
      '{"a":1}\n{a}\n\n[]\n{"a":2.5}\n{"a":3,"a":4}\n{"a":5}\r\n',
      [
        [1, '1'],
        [2, 'it is not valid JSON'],
        [4, 'it is not a JSON object'],
        [5, 'the field "a" cannot be used as text; put the number in quotes'],
        [6, 'the field "a" is set twice; remove one'],
        [7, '5'],
      ],
    ],
    [
      'txt',
      'one\ntw\ro\nthree\n',
      [
        [1, 'one'],
        [2, loneReturn],
        [3, 'three'],
      ],
    ],
  ])('is read on after a line that is no unit, in the format %s', async (format, text, lines) => {
    const bytes = (async function* () {
      yield Buffer.from(text);
    })();
    const read: unknown[] = [];
    for await (const line of readUnits({ from: `u.${format}`, directory: '.', bytes })) {
      read.push([line.line, isBadLine(line) ? line.problem : (line.fields['a'] ?? line.fields['line'])]);
    }
    expect(read).toEqual(lines);
  });

  it('may have an odd quote, after which its lines are bounded as before', async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `${String(n)},x`).join('\n');
    const read: number[] = [];
    const bytes = (async function* () {
      yield Buffer.from('a,b\n1,5" pipe\n');
      yield Buffer.from(lines);
    })();
    for await (const { line } of readUnits({ from: 'u.csv', directory: '.', bytes })) read.push(line);
    expect(read).toHaveLength(20_001);
  });

  it('can have a carriage return inside a quoted value', async () => {
    expect((await read('a.csv', 'a,b\n"x\ry",2\n')).map(({ fields }) => fields)).toEqual([{ a: 'x\ry', b: '2' }]);
  });

  it('can arrive with its line ends cut anywhere', async () => {
    async function* bytes() {
      for (const byte of Buffer.from('a,b\r\n\r\n"x\r\n"",",2\r\n3,4')) {
        await Promise.resolve();
        yield Uint8Array.of(byte);
      }
    }
    const units = [];
    const lines = readUnits({ from: 'u.csv', directory: '/nowhere', bytes: bytes() });
    for await (const unit of wellFormedUnits('u.csv', lines)) units.push(unit);
    expect(units.map(({ line, fields }) => [line, fields])).toEqual([
      [3, { a: 'x\r\n",', b: '2' }],
      [5, { a: '3', b: '4' }],
    ]);
  });

  it.each([
    ['a line of commas', 'u.csv', 'a,b\n', ','],
    ['a header of commas', 'u.csv', '', ','],
    ['a line', 'u.csv', 'a,b\n', 'x'],
    ['a value in quotes', 'u.csv', 'a,b\n"', 'x\n'],
    ['quotes', 'u.csv', 'a,b\n', '"'],
    ['blank lines', 'u.csv', 'a,b\n', '\r\n'],
    ['commas and line ends in quotes', 'u.csv', 'a,b\n', `${','.repeat(1_000)}"\n"`],
    ['JSON', 'u.jsonl', '', '{'],
    ['text', 'u.txt', '', 'x'],
    ['carriage returns', 'u.csv', 'a\n', '\r'],
  ])('is refused before more than a line of it is held: endless %s', async (_, from, head, piece) => {
    let taken = 0;
    async function* bytes() {
      yield Buffer.from(head);
      // An endless source: whoever reads it whole never comes to an end.
      for (;;) {
        taken += 1;
        await Promise.resolve();
        yield Buffer.from(piece.repeat(Math.ceil(8_192 / piece.length)));
      }
    }
    await expect(readUnits({ from, directory: '/nowhere', bytes: bytes() }).next()).rejects.toMatchObject({
      failureClass: 'ConfigError',
    });
    expect(taken).toBeLessThan(100);
  });

  it('is read from given bytes, and what is wrong with them names the file', async () => {
    async function* bytes() {
      yield Buffer.from('one\ntw');
      yield Buffer.from('o\n');
      throw new Failure('CorruptInput/Truncated', 'az://a/c/u.txt.bz2 is not whole bzip2');
    }
    const units = readUnits({ from: 'az://a/c/u.txt.bz2', directory: '/nowhere', bytes: bytes() });
    expect((await units.next()).value).toMatchObject({ line: 1, text: 'one' });
    expect((await units.next()).value).toMatchObject({ line: 2, text: 'two' });
    await expect(units.next()).rejects.toMatchObject({
      failureClass: 'ConfigError',
      message: 'az://a/c/u.txt.bz2: the units file cannot be read: az://a/c/u.txt.bz2 is not whole bzip2',
    });
  });

  it('says that nobody may read it', async () => {
    async function* bytes() {
      yield Buffer.from('on');
      throw Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
    }
    await expect(readUnits({ from: 'u.txt', directory: '/nowhere', bytes: bytes() }).next()).rejects.toThrow(
      expect.objectContaining({ message: 'u.txt: the units file cannot be read: permission denied' }),
    );
  });

  it('fails with the failure of the store', async () => {
    async function* bytes() {
      yield Buffer.from('on');
      throw new Failure('SourceAuth', 'account a refused the credential');
    }
    const units = readUnits({ from: 'az://a/c/u.txt', directory: '/nowhere', bytes: bytes() });
    await expect(units.next()).rejects.toMatchObject({ failureClass: 'SourceAuth' });
  });
});

async function read(name: string, content: string | Buffer): Promise<readonly UnitLine[]> {
  writeFileSync(join(directory, name), content);
  const units: UnitLine[] = [];
  for await (const unit of wellFormedUnits(name, readUnits({ from: name, directory }))) units.push(unit);
  return units;
}
