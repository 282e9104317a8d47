import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleName } from '../../../../src/commands/verbs/init/example-name.js';
import { runProgram } from '../../../../src/commands/run-program.js';
import { parseDefinitionFile } from '../../../../src/definition/parse-definition.js';
import { migrationJsonSchema } from '../../../../src/definition/schema/migration-json-schema.js';
import { readUnits } from '../../../../src/definition/units/read-units.js';
import type { StackDescription } from '../../../../src/local/state/stack-description.js';
import { fakeContext } from '../fake-context.js';
import { sampleStack } from '../sample-stack.js';

describe('init', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longhaul-init-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function init(args: readonly string[], stack?: StackDescription) {
    const context = fakeContext({
      stack: { defaultStateDir: join(folder, 'state'), status: async () => stack } as never,
    });
    const status = await runProgram(['init', ...args], context);
    return { status, out: context.out.text(), err: context.err.text() };
  }
  const read = (...path: string[]): Promise<string> => readFile(join(folder, ...path), 'utf8');
  const definition = async (dir: string) =>
    parseDefinitionFile(await read(dir, 'migration.yaml'), 'migration.yaml').definition;
  async function units(dir: string): Promise<unknown[]> {
    const lines: unknown[] = [];
    for await (const line of readUnits({ from: 'units.csv', directory: join(folder, dir) })) lines.push(line);
    return lines;
  }

  it('writes a valid migration file, a units file of three lines, and the schema that the file names', async () => {
    expect(await init([join(folder, 'orders')])).toMatchObject({ status: 0, err: '' });
    expect(await read('orders', 'migration.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\/migration\.schema\.json\n/,
    );
    const written = await definition('orders');
    expect(written.name).toBe('orders');
    expect(await units('orders')).toHaveLength(2);
    expect(await read('orders', 'units.csv')).toMatch(/^(.+\n){3}$/);
    expect(JSON.parse(await read('orders', 'migration.schema.json'))).toEqual(migrationJsonSchema());
  });

  it('stays valid when each commented-out line is put in', async () => {
    await init([join(folder, 'orders')]);
    const text = await read('orders', 'migration.yaml');
    // A field that is commented out stands where it would be without the comment sign. Prose does not.
    const enabled = text.replaceAll(/^( *)# (( {2}| {2}- )?(- )?[a-zA-Z]+:( .*)?)$/gm, '$1$2');
    expect(enabled.match(/^ *(requestsPerSecond|endpoint|sequence|blobBytes|optional|control):/gm)).toHaveLength(7);
    expect(() => parseDefinitionFile(enabled, 'migration.yaml')).not.toThrow();
  });

  it('never overwrites, and writes nothing when one of the files is there', async () => {
    await writeFile(join(folder, 'units.csv'), 'mine\n');
    const { status, err } = await init([folder]);
    expect(status).toBe(2);
    expect(err).toContain(`this file exists already and was left alone: ${join(folder, 'units.csv')}`);
    expect(await readdir(folder)).toEqual(['units.csv']);
    expect(await read('units.csv')).toBe('mine\n');
  });

  it.each([
    ['/data/orders', 'orders'],
    ['/data/Orders 2019', 'orders-2019'],
    ['/', 'my-migration'],
    ['/data/été', 't'],
    [`/data/${'a'.repeat(62)}.b`, 'a'.repeat(62)],
  ])('names the migration in %s %s', (path, name) => {
    expect(exampleName(path)).toBe(name);
  });

  describe('from a demo', () => {
    const stack = (): StackDescription => ({ ...sampleStack, stateDir: join(folder, 'state') });
    async function leaveDemo(name: string): Promise<void> {
      const path = join(folder, 'state', 'demos', name);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'demo.json'), JSON.stringify({ name, units: 20 }));
      await writeFile(join(path, 'units.csv'), `tenant,month,days,regions\n${`${name},2019-07,01|02,eu\n`.repeat(20)}`);
    }

    it('moves the first units of the newest one under another name, on the stack that has its data', async () => {
      await leaveDemo('demo-2');
      await leaveDemo('demo-10');
      expect(await init([join(folder, 'try'), '--from-demo'], stack())).toMatchObject({ status: 0, err: '' });
      const written = await definition('try');
      expect(written).toMatchObject({ name: 'try', target: { endpoint: 'http://127.0.0.1:8333' } });
      expect(written.target.key).toMatch(/^try\//);
      expect(written.find[0]?.container).toBe('events-{{ month }}-demo-10');
      expect(await units('try')).toHaveLength(2);
    });

    it('says how to get one when there is none', async () => {
      const { status, err } = await init([join(folder, 'try'), '--from-demo'], stack());
      expect(status).toBe(2);
      expect(err).toMatch(/There is no demo data on the local stack[^]*next: make some: `longhaul demo`/);
      expect(await init([join(folder, 'try'), '--from-demo'])).toMatchObject({ status: 6 });
    });

    it('refuses a name that a demo has', async () => {
      await leaveDemo('demo');
      expect(await init([join(folder, 'demo'), '--from-demo'], stack())).toMatchObject({ status: 2 });
    });
  });
});
