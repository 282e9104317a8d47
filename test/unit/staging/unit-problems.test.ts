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
      ],
      'ConfigError',
      [
        'units.csv:2: units.id renders "": it is empty',
        'units.csv:3: target.key renders "": it is empty',
        'units.csv:4: target.key renders "x//y": it has an empty segment: a slash at its start or end, or two in a row',
        'units.csv:5: target.key renders "../x": it has the segment ".."',
        String.raw`units.csv:6: target.key renders "a\nb": it has a control character`,
        'units.csv:7: target.key renders ".longhaul/x": it lies under the control prefix .longhaul',
        `units.csv:8: units.id renders "${'x'.repeat(120)}…": it has more than 512 bytes`,
        String.raw`units.csv:9: units.id renders "a\u001b[31m": it has a control character`,
        `units.csv:10: units.id renders "a\u0085": it has a control character`,
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
