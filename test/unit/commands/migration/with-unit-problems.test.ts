import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMigrationFile } from '../../../../src/commands/migration/read-migration-file.js';
import type { UnitsContext } from '../../../../src/commands/migration/with-unit-problems.js';
import type { DecodePlace, DecodeRequest } from '../../../../src/commands/ports/decode-port.js';
import { DefinitionProblems } from '../../../../src/definition/definition-problems.js';
import { Failure } from '../../../../src/domain/failure.js';
import { exampleFile } from '../../definition/example-file.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'longhaul-migration-file-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Reads the example with these changes, and returns the first line of each problem, without the file's path. */
async function problemsOf(
  changes: readonly (readonly [text: string, replacement: string])[],
  units?: string,
  context?: UnitsContext,
) {
  const path = join(directory, 'migration.yaml');
  writeFileSync(
    path,
    changes.reduce((text, [from, to]) => text.replace(from, () => to), exampleFile),
  );
  rmSync(join(directory, 'units.csv'), { force: true });
  if (units !== undefined) writeFileSync(join(directory, 'units.csv'), units);
  const error: unknown = await readMigrationFile(path, context).catch((reason: unknown) => reason);
  if (!(error instanceof DefinitionProblems)) throw new Error('the file is right');
  return error.message
    .split('\n')
    .flatMap((line) => (line.startsWith(path) ? [line.slice(path.length + 1)] : / \| /.test(line) ? [] : [line]));
}

/** What reads units that are no plain file here; keeps where it was asked to. */
function reading(text: string) {
  const places: DecodePlace[] = [];
  const decode = async function* ({ place }: DecodeRequest) {
    places.push(place);
    yield Buffer.from(text);
  };
  return { places, context: { decode: decode as never, signal: new AbortController().signal } };
}

const wrongLimit = ['version: 1', 'version: 1\nlimits: { unitBlobs: 0 }'] as const;

describe('a migration file with something wrong in it', () => {
  it('is also reported for templates that use a column which the units file does not have', async () => {
    expect(await problemsOf([wrongLimit], 'tenant,mnoth\nacme,2019-07\n')).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      '6:24 units.id: template: unknown variable "month"; did you mean "mnoth"? available: tenant, mnoth, unit.index',
      expect.stringMatching(/^13:27 find\[0\]\.container: template: unknown variable "month"/),
      expect.stringMatching(/^14:30 find\[0\]\.prefix: template: unknown variable "month"/),
      expect.stringMatching(/^20:32 target\.key: template: unknown variable "month"/),
    ]);
  });

  it('has nothing reported twice that is wrong in itself', async () => {
    const wrongKey = ['key: "orders/{{ tenant }}/{{ month }}.json.gz"', 'key: "orders/{{ month | upcse }}"'] as const;
    expect(await problemsOf([['- account: east', '- acount: east'], wrongKey], 'tenant,m\nacme,2019-07\n')).toEqual([
      expect.stringMatching(/^5:24 units\.id: template: unknown variable "month"/),
      '11:5 find[0].account: it is missing',
      '11:5 find[0].acount: unknown field; did you mean "account"?',
      expect.stringMatching(/^19:27 target\.key: template: unknown filter "upcse"/),
    ]);
  });

  it('is reported when its units file cannot be read', async () => {
    expect(await problemsOf([wrongLimit])).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      '5:9 units.from: units.csv: the units file cannot be read: there is no such file beside the migration file',
    ]);
  });

  it('is reported with all lines that are not units, and all wrong ids and keys, at once', async () => {
    const units = 'tenant,month\nacme,2019-07\nacme\nbirch,2019-08\nacme,2019-07\ncask,"20"19\n"",2019-07\n';
    expect(await problemsOf([wrongLimit], units)).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      'units.csv:3: the line has 1 values, but the header has 2; quote a value that contains a comma',
      'units.csv:5: its id "acme/2019-07" is also that of units.csv:2; make units.id differ for every line',
      'units.csv:6: text follows a closing quote; write a quote inside a value twice',
      'units.csv:7: target.key renders "orders//2019-07.json.gz": ' +
        'it has an empty segment: a slash at its start or end, or two in a row',
    ]);
  });

  it('is reported with columns and lines at once where a template of units is wrong', async () => {
    const wrongKey = ['key: "orders/{{ tenant }}/{{ month }}.json.gz"', 'key: "{{ month | upcse }}"'] as const;
    expect(await problemsOf([wrongKey], 'tenant,m\nacme\nacme,2019-07\nacme,2,3\n')).toEqual([
      expect.stringMatching(/^5:24 units\.id: template: unknown variable "month"/),
      expect.stringMatching(/^12:27 find\[0\]\.container: template: unknown variable "month"/),
      expect.stringMatching(/^13:30 find\[0\]\.prefix: template: unknown variable "month"/),
      expect.stringMatching(/^19:20 target\.key: template: unknown filter "upcse"/),
      'units.csv:2: the line has 1 values, but the header has 2; quote a value that contains a comma',
      'units.csv:4: the line has 3 values, but the header has 2; quote a value that contains a comma',
    ]);
  });

  it('is reported with the first twenty lines and how many more there are', async () => {
    const told = await problemsOf([wrongLimit], `tenant,month\n${'acme\n'.repeat(50)}`);
    expect(told).toHaveLength(1 + 20 + 1);
    expect(told.at(-1)).toBe('and 30 more');
  });

  it('is reported for a huge units file by what its first lines show', async () => {
    const lines = Array.from({ length: 20_001 }, (_, n) => `t${String(n)},2019-07`).join('\n');
    expect(await problemsOf([wrongLimit], `tenant,month\n${lines}\nacme`)).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      'units.csv: these are the problems of its first 20,000 lines; ' +
        'the others are read when the migration file is right',
    ]);
  });

  it.each([
    ['s3://lists/units.csv', 's3'],
    ['az://east/lists/units.csv.gz', 'azure'],
    ['units.csv.bz2', 'file'],
  ])('is told what is wrong with units in %s by a verb that needs them', async (from, kind) => {
    const { places, context } = reading('tenant,month\nacme\n');
    expect(await problemsOf([wrongLimit, ['from: units.csv', `from: ${from}`]], undefined, context)).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      `${from}:2: the line has 1 values, but the header has 2; quote a value that contains a comma`,
    ]);
    expect(places).toMatchObject([{ kind }]);
  });

  it.each([
    ['az://east/lists/units.csv', 'accounts', ['credential: azure-east', 'credential: AZURE']],
    ['s3://lists/units.csv', 'target', ['bucket: archive', 'bucket: Archive']],
  ] as const)('says of units in %s that nobody can read them while `%s` is wrong', async (from, section, change) => {
    const { places, context } = reading('');
    const told = await problemsOf([change, ['from: units.csv', `from: ${from}`]], undefined, context);
    expect(told).toHaveLength(2);
    expect(told).toContain(`4:9 units.from: ${from} was not read, because \`${section}\` has problems`);
    expect(places).toEqual([]);
  });

  it('says why units that are elsewhere cannot be read', async () => {
    const { context } = reading('');
    const decode = async function* () {
      yield Buffer.from('');
      throw new Failure('SourceForbidden', 'get lists/units.csv of east: the credential lacks a permission for this');
    };
    const from = ['from: units.csv', 'from: az://east/lists/units.csv'] as const;
    expect(await problemsOf([wrongLimit, from], undefined, { ...context, decode: decode as never })).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      '5:9 units.from: get lists/units.csv of east: the credential lacks a permission for this',
    ]);
  });

  it('is not reported for a units file that is not on this machine', async () => {
    expect(await problemsOf([wrongLimit, ['from: units.csv', 'from: s3://lists/units.csv']])).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
    ]);
  });
});
