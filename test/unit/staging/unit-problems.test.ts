import { describe, expect, it } from 'vitest';
import { parseDefinitionFile } from '../../../src/definition/parse-definition.js';
import { readUnits } from '../../../src/definition/units/read-units.js';
import { spoolUnits } from '../../../src/staging/spool-units.js';
import type { UnitFields } from '../../../src/domain/unit.js';
import { exampleWith } from '../definition/example-file.js';

const byPath = exampleWith('id: "{{ tenant }}/{{ month }}"', 'id: "{{ id }}"').replace(/key: .*/, 'key: "{{ key }}"');

describe('units that cannot be staged', () => {
  it.each<
    readonly [
      title: string,
      rows: readonly (readonly [id: string, key: string])[],
      failureClass: string,
      messages: readonly string[],
    ]
  >([
    [
      'two units with one id, reported once although they share the key too',
      [
        ['a', 'k'],
        ['b', 'l'],
        ['a', 'k'],
      ],
      'ConfigError',
      ['units.csv:4: its id "a" is also that of units.csv:2; make units.id differ for every line'],
    ],
    [
      'two units with one key',
      [
        ['a', 'x/k'],
        ['b', 'x/k'],
      ],
      'ConfigError/KeyCollision',
      ['units.csv:3: unit "b" has the key "x/k" of unit "a" (units.csv:2)'],
    ],
    [
      'a key that is a folder of a later one',
      [
        ['a', 'x'],
        ['b', 'x/y/z'],
      ],
      'ConfigError/KeyCollision',
      ['units.csv:2: the key "x" of unit "a" is a folder of "x/y/z", the key of unit "b" (units.csv:3)'],
    ],
    [
      'a key that is a folder of an earlier one',
      [
        ['a', 'x/y/z'],
        ['b', 'x/y'],
      ],
      'ConfigError/KeyCollision',
      ['units.csv:3: the key "x/y" of unit "b" is a folder of "x/y/z", the key of unit "a" (units.csv:2)'],
    ],
    [
      'invalid ids and keys, all of them',
      [
        ['', 'a'],
        ['b', ''],
        ['c', 'x//y'],
        ['d', '../x'],
        ['e', 'a\nb'],
        ['f', '.longhaul/x'],
        ['x'.repeat(513), 'g'],
        ['a\u001b[31m', 'h'],
        ['a\u0085', 'i'],
        ['j', String.raw`a\b`],
        ['k', 'x'.repeat(256)],
      ],
      'ConfigError',
      [
        'units.csv:2: units.id renders "": it is empty',
        'units.csv:3: target.key renders "": it is empty',
        'units.csv:4: target.key renders "x//y": it has an empty segment: a slash at its start or end, or two in a row',
        'units.csv:5: target.key renders "../x": it has the segment ".."',
        String.raw`units.csv:6: target.key renders "a\nb": it has a control character`,
        'units.csv:7: target.key renders ".longhaul/x": it is under the control prefix .longhaul',
        `units.csv:8: units.id renders "${'x'.repeat(120)}…": it has more than 512 bytes`,
        String.raw`units.csv:9: units.id renders "a\u001b[31m": it has a control character`,
        `units.csv:10: units.id renders "a\u0085": it has a control character`,
        String.raw`units.csv:11: target.key renders "a\\b": it has a backslash`,
        `units.csv:12: target.key renders "${'x'.repeat(120)}…": a segment has more than 255 bytes`,
      ],
    ],
    [
      'more than twenty, of which the rest is counted',
      Array.from({ length: 40 }, (_, index) => [`u${String(index)}`, 'same'] as const),
      'ConfigError/KeyCollision',
      [
        ...Array.from({ length: 20 }, (_, index) => {
          const line = String(index + 3);
          return `units.csv:${line}: unit "u${String(index + 1)}" has the key "same" of unit "u0" (units.csv:2)`;
        }),
        'and 19 more',
      ],
    ],
  ])('are refused: %s', async (_, rows, failureClass, messages) => {
    const spooling = spool(
      byPath,
      rows.map(([id, key]) => ({ id, key, tenant: 't', month: '2019-01' })),
    );
    await expect(spooling).rejects.toThrow(expect.objectContaining({ failureClass, message: messages.join('\n') }));
  });

  it('can have keys that only look alike', async () => {
    const keys = ['a', 'a.gz', 'ab/c', 'a-b/c', 'ab/c.d/e', 'b/a', 'B/a'];
    const spooled = await spool(
      byPath,
      keys.map((key) => ({ id: key, key, tenant: 't', month: '2019-01' })),
    );
    expect(spooled.layout.units).toBe(7);
    await spooled.remove();
  });

  it('can have a key under the control prefix of another bucket', async () => {
    const text = byPath.replace('bucket: archive', 'bucket: archive\n  control: s3://control/.longhaul');
    const spooled = await spool(text, [{ id: 'a', key: '.longhaul/x', tenant: 't', month: '2019-01' }]);
    await spooled.remove();
  });

  it('are refused with the place of a template that names what no line has', async () => {
    await expect(spool(byPath, [{ id: 'a', tenant: 't', month: '2019-01' }])).rejects.toThrow(
      'm.yaml:19:12 target.key: template: unknown variable "key"',
    );
  });

  it('are refused for what a later line lacks or has, with the line', async () => {
    const line = { tenant: 't', month: '2019-01' };
    const spooling = spool(byPath, [
      { id: 'a', key: 'a', ...line },
      { id: 'b', ...line },
      { id: 'c', key: 'c', ...line, unit: 'u' },
      { key: 'd', id: 'd', ...line },
      { id: 'e', ...line },
    ]);
    const lacking = 'target.key: template: unknown variable "key"';
    await expect(spooling).rejects.toThrow(
      expect.objectContaining({
        failureClass: 'ConfigError',
        message: expect.stringMatching(
          new RegExp(
            `^units.csv:3: ${lacking}.*\n` +
              'units.csv:4: the column "unit" would hide unit.id and unit.index; give it another name\n' +
              `units.csv:6: ${lacking}.*$`,
          ),
        ) as string,
      }),
    );
  });

  it('are refused for a column that would hide unit.id', async () => {
    await expect(spool(byPath, [{ id: 'a', key: 'k', unit: 'u', tenant: 't', month: '2019-01' }])).rejects.toThrow(
      'units.csv: the column "unit" would hide unit.id and unit.index; give it another name',
    );
  });

  it.each<readonly [key: string, message: string]>([
    ['{{ id | mod: 0 }}', 'mod: the divisor is not a whole number above 0; write it as mod: 16'],
    ['{{ id | mod: 4 }}', 'mod: "acme" is neither a whole number nor a hash; hash it first: hash: \'md5\''],
    ['{{ id | pad: 1000 }}', 'pad: the width is not a number from 1 to 255; write it as pad: 2'],
    ["{{ id | slice: 'a' }}", 'slice: it needs a position and a length; write it as slice: 0, 4'],
    ["{{ id | split: ',' | hash: 'md5' }}", 'the filter needs text or a number'],
    ["{{ id | hash: 'md4' }}", 'hash: unknown algorithm "md4"; use md5, sha1, sha256, crc32'],
    ['{{ month | date }}', "date: there is no format; write it as date: '%Y-%m-%d'"],
    ["{{ month | date: '%Q' }}", 'date: unknown directive "%Q"; as in "%Y-%m-%d"'],
    ["{{ 'now' | date: '%F' }}", '"now" is not a date; a template must render the same every day'],
    ["{{ id | date: '%F' }}", '"acme" is not a date; write it as 2019-07-03'],
    [
      "{{ '86400' | date: '%F' }}",
      '"86400" is not a date; digits are read as yyyy, yyyyMM, yyyyMMdd, yyyyMMddHH or yyyyMMddHHmm',
    ],
    ["{{ '1899' | date: '%F' }}", '"1899" is not in a year from 1900 to 2200'],
    ['{% for i in (1..10000000) %}x{% endfor %}', 'it makes too much text, or its loops take too many steps'],
  ])('are refused with what would be right where the key is %s', async (key, message) => {
    const text = byPath.replace('key: "{{ key }}"', () => `key: ${JSON.stringify(key)}`);
    await expect(spool(text, [{ id: 'acme', month: '2019-07', tenant: 't' }])).rejects.toThrow(
      expect.objectContaining({ message: `units.csv:2: target.key: ${message}` }),
    );
  });

  it.each<readonly [what: string, from: string, to: string, fields: UnitFields, message: string]>([
    [
      'an id that is no text',
      'id: "{{ id }}"',
      'id: "{{ id | slice: 0, 1 }}"',
      { id: '😀' },
      String.raw`units.id renders "\ud83d": it is not valid Unicode`,
    ],
    [
      'a blob whose name is too long',
      'prefix: "{{ tenant }}/{{ month }}/{{ day }}/"\n    match: "**/*.json.bz2"',
      'blob: "{{ tenant }}"',
      { tenant: 'x'.repeat(1_025) },
      'unit "acme": find[0].blob renders a name of 1025 characters; a blob has 1 to 1024',
    ],
    [
      'a container that Azure does not have',
      'container: "events-{{ month | slice: 0, 4 }}"',
      'container: "{{ tenant }}_"',
      {},
      'unit "acme": find[0].container renders "t_", which is not the name of a container',
    ],
    [
      'text in place of a list',
      'day: "01..31"',
      'day: "{{ tenant }}"',
      {},
      `unit "acme": find[0].each.day: {{ tenant }} is not a list; split it: {{ regions | split: '|' }}`,
    ],
    [
      'a list of what is no text',
      'day: "01..31"',
      `day: "{{ tenant | split: ',' | push: true }}"`,
      {},
      `unit "acme": find[0].each.day: {{ tenant | split: ',' | push: true }} is a list of values that are not text`,
    ],
  ])('are refused for %s', async (_, from, to, fields, message) => {
    expect(byPath).toContain(from);
    const unit = { id: 'acme', key: 'k', tenant: 't', month: '2019-07', ...fields };
    await expect(
      spool(
        byPath.replace(from, () => to),
        [unit],
      ),
    ).rejects.toThrow(expect.objectContaining({ message: `units.csv:2: ${message}` }));
  });

  it('are refused where more lines differ in their fields than any list of units has', async () => {
    const rows = Array.from({ length: 1_001 }, (_, n) => ({
      ...{ id: String(n), key: String(n), tenant: 't', month: '2019-07' },
      [`field${String(n)}`]: 'x',
    }));
    await expect(spool(byPath, rows)).rejects.toThrow(
      'units.csv:1002: more than 1000 lines differ in their fields or the order of them',
    );
  });

  it('are refused together with the lines that are no units, and with what ends the reading', async () => {
    const wrong = byPath.replace('key: "{{ key }}"', 'key: "{{ key | upcase }}"');
    const text = 'id,key,tenant,month\nacme\na,../k,t,2019-01\nb,l,t,2019-01\nb,l2,t,2019-01\nc,"x\n';
    await expect(spoolText(wrong, text)).rejects.toThrow(
      expect.objectContaining({
        failureClass: 'ConfigError',
        message: [
          'units.csv:2: the line has 1 values, but the header has 4; quote a value that contains a comma',
          'units.csv:3: target.key renders "../K": it has the segment ".."',
          'units.csv:5: its id "b" is also that of units.csv:4; make units.id differ for every line',
          'units.csv:6: a quote is opened and never closed',
        ].join('\n'),
      }),
    );
  });

  it('are refused with every line that is no unit where a template names what no line has', async () => {
    const error: unknown = await spoolText(byPath, 'id,tenant,month\nacme\na,t,2019-01\nb\n').catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).toMatch(/^DefinitionProblems: m.yaml:19:12 target.key: template: unknown variable "key"/);
    expect(String(error).split('\n').slice(-2)).toEqual([
      'units.csv:2: the line has 1 values, but the header has 3; quote a value that contains a comma',
      'units.csv:4: the line has 1 values, but the header has 3; quote a value that contains a comma',
    ]);
  });

  it('are refused for an account that is not there, with the line', async () => {
    const text = byPath.replace('account: east', 'account: "{{ tenant }}"');
    const rows = ['east', 'moon'].map((tenant) => ({ id: tenant, key: tenant, tenant, month: '2019-01' }));
    await expect(spool(text, rows)).rejects.toThrow(
      'units.csv:3: unit "moon": find[0].account renders "moon", which is not one of the accounts (east)',
    );
  });

  it('are refused beyond the highest number', async () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id, key: id, tenant: 't', month: '2019-01' }));
    await expect(spool(byPath, rows, 2)).rejects.toThrow(
      'units.csv: it has more than 2 units; split it into several migrations',
    );
  });

  it('have the whole line as id by default', async () => {
    const spooled = await spool(byPath.replace('  id: "{{ id }}"\n', ''), [
      { key: 'k', tenant: 't', month: '2019-01' },
    ]);
    const lines: string[] = [];
    for await (const line of spooled.lines()) lines.push(line);
    expect(JSON.parse(lines[0]!)).toMatchObject({ index: 0, id: 'k,t,2019-01', key: 'k' });
    await spooled.remove();
  });
});

function spool(text: string, rows: readonly UnitFields[], unitsMax?: number) {
  const file = parseDefinitionFile(text, 'm.yaml');
  return spoolUnits({
    definition: file.definition,
    units: lines(rows),
    file,
    signal: new AbortController().signal,
    ...(unitsMax === undefined ? {} : { unitsMax }),
  });
}

function spoolText(text: string, units: string) {
  const file = parseDefinitionFile(text, 'm.yaml');
  const bytes = (async function* () {
    yield Buffer.from(units);
  })();
  return spoolUnits({
    definition: file.definition,
    units: readUnits({ from: 'units.csv', directory: '.', bytes }),
    file,
    signal: new AbortController().signal,
  });
}

async function* lines(rows: readonly UnitFields[]) {
  for (const [index, fields] of rows.entries())
    yield { line: index + 2, fields, text: Object.values(fields).join(',') };
}
