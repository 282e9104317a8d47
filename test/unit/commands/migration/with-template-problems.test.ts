import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMigrationFile } from '../../../../src/commands/migration/read-migration-file.js';
import { DefinitionProblems } from '../../../../src/definition/definition-problems.js';
import { exampleFile } from '../../definition/example-file.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'longhaul-migration-file-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Reads the example with these changes, and returns the first line of each problem, without the file's path. */
async function problemsOf(changes: readonly (readonly [text: string, replacement: string])[], units?: string) {
  const path = join(directory, 'migration.yaml');
  writeFileSync(
    path,
    changes.reduce((text, [from, to]) => text.replace(from, () => to), exampleFile),
  );
  rmSync(join(directory, 'units.csv'), { force: true });
  if (units !== undefined) writeFileSync(join(directory, 'units.csv'), units);
  const error: unknown = await readMigrationFile(path).catch((reason: unknown) => reason);
  if (!(error instanceof DefinitionProblems)) throw new Error('the file is right');
  return error.message.split('\n').flatMap((line) => (line.startsWith(path) ? [line.slice(path.length + 1)] : []));
}

const wrongLimit = ['version: 1', 'version: 1\nlimits: { unitBlobs: 0 }'] as const;

describe('a migration file with something wrong in it', () => {
  it('is told the templates too that use a column which the units file does not have', async () => {
    expect(await problemsOf([wrongLimit], 'tenant,mnoth\nacme,2019-07\n')).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      '6:24 units.id: template: unknown variable "month"; did you mean "mnoth"? available: tenant, mnoth, unit.index',
      expect.stringMatching(/^13:27 find\[0\]\.container: template: unknown variable "month"/),
      expect.stringMatching(/^14:30 find\[0\]\.prefix: template: unknown variable "month"/),
      expect.stringMatching(/^20:32 target\.key: template: unknown variable "month"/),
    ]);
  });

  it('is told nothing twice of what is wrong itself', async () => {
    const wrongKey = ['key: "orders/{{ tenant }}/{{ month }}.json.gz"', 'key: "orders/{{ month | upcse }}"'] as const;
    expect(await problemsOf([['- account: east', '- acount: east'], wrongKey], 'tenant,m\nacme,2019-07\n')).toEqual([
      expect.stringMatching(/^5:24 units\.id: template: unknown variable "month"/),
      '11:5 find[0].account: it is missing',
      '11:5 find[0].acount: unknown field; did you mean "account"?',
      expect.stringMatching(/^19:27 target\.key: template: unknown filter "upcse"/),
    ]);
  });

  it('is told that its units file cannot be read', async () => {
    expect(await problemsOf([wrongLimit])).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
      '5:9 units.from: units.csv: the units file cannot be read: there is no such file beside the migration file',
    ]);
  });

  it('is told nothing of a units file that is not on this machine', async () => {
    expect(await problemsOf([wrongLimit, ['from: units.csv', 'from: s3://lists/units.csv']])).toEqual([
      '2:22 limits.unitBlobs: it must be above 0',
    ]);
  });
});
