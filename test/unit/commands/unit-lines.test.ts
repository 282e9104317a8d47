import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitLines } from '../../../src/commands/start/unit-lines.js';
import type { DecodeRequest } from '../../../src/commands/ports/decode-port.js';
import { parseDefinitionFile } from '../../../src/definition/parse-definition.js';
import { wellFormedUnits } from '../../support/migrations/well-formed-units.js';
import { exampleWith } from '../definition/example-file.js';

const contents: Readonly<Record<string, string>> = {
  csv: 'line,n\none,1\ntwo,2\n',
  jsonl: '{"line":"one"}\n{"line":"two"}\n',
  txt: 'one\ntwo\n',
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'longhaul-unit-lines-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Reads the units of a file, and says from where the bytes were asked, if they were. */
async function read(from: string) {
  const path = join(directory, 'migration.yaml');
  const file = { ...parseDefinitionFile(exampleWith('from: units.csv', `from: "${from}"`), path), path };
  const asked: unknown[] = [];
  const decode = async function* ({ place, rules }: DecodeRequest) {
    asked.push({ kind: place.kind, decompress: rules.transform.decompress });
    yield Buffer.from(contents[/\.(csv|jsonl|txt)/.exec(from)?.[1] ?? ''] ?? '');
  };
  const units: (string | undefined)[] = [];
  const lines = unitLines({ decode: decode as never, signal: new AbortController().signal }, file);
  for await (const { fields } of wellFormedUnits(from, lines)) units.push(fields['line']);
  return { units, asked };
}

describe('a units file', () => {
  const places = [
    { kind: 'file', before: '' },
    { kind: 's3', before: 's3://lists/of/' },
    { kind: 'azure', before: 'az://east/lists/of/' },
  ];
  const packings = [
    { end: '', decompress: 'none' },
    { end: '.gz', decompress: 'gzip' },
    { end: '.bz2', decompress: 'bzip2' },
  ];

  it.each(
    places.flatMap(({ kind, before }) =>
      packings.flatMap(({ end, decompress }) =>
        Object.keys(contents).map((format) => ({ kind, decompress, from: `${before}units.${format}${end}` })),
      ),
    ),
  )('is read: $from', async ({ kind, decompress, from }) => {
    const [format = ''] = /(?<=\.)(csv|jsonl|txt)/.exec(from) ?? [];
    const text = contents[format] ?? '';
    if (kind === 'file') writeFileSync(join(directory, from), decompress === 'gzip' ? gzipSync(text) : text);
    const { units, asked } = await read(from);
    expect(units).toEqual(['one', 'two']);
    // Files that are plain or gzip need no store and no decoder.
    expect(asked).toEqual(kind === 'file' && decompress !== 'bzip2' ? [] : [{ kind, decompress }]);
  });
});
