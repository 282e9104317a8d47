import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialFiles, markOfFiles } from '../../../../src/worker/credentials/credential-files.js';
import { createTellRenewed } from '../../../../src/worker/credentials/tell-renewed.js';
import { until } from '../../../support/until.js';

const everyMs = 5;
let folder: string;
let stop: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-renewed-'));
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true });
});

/** `before` is what the first file holds from the beginning, if it is there at all. */
function setUp(before?: string) {
  const files = ['east', 'west'].map((name) => join(folder, name));
  const [east = '', west = ''] = files;
  if (before !== undefined) writeFileSync(east, before);
  const told: string[] = [];
  let looks = 0;
  let changes = 0;
  const noteBlocked = createTellRenewed({
    mark: () => {
      looks += 1;
      return markOfFiles(files);
    },
    renewed: () => (changes += 1),
    tell: async (partition) => {
      told.push(partition);
      if (partition === 'closed') throw new Error('it is gone');
    },
    signal: stop.signal,
    everyMs,
  });
  return { east, west, told, noteBlocked, looks: () => looks, changes: () => changes };
}

describe('the partitions that wait for somebody', () => {
  it('are told once a file with a credential was written, and never before', async () => {
    const { east, told, noteBlocked, looks } = setUp('old');
    for (const partition of ['one', 'closed', 'two', 'one']) noteBlocked(partition);
    await until('it has looked a few times', () => looks() > 3);
    expect(told).toEqual([]);
    writeFileSync(`${east}.new`, 'new');
    renameSync(`${east}.new`, east);
    await until('they are told', () => told.length > 0);
    expect(told).toEqual(['one', 'closed', 'two']);
  });

  it('are told of a file that was missing, and again when they wait again', async () => {
    const { east, west, told, noteBlocked, looks } = setUp();
    for (const file of [east, west]) {
      const before = looks();
      noteBlocked('one');
      // When it looks for the second time, it has seen how things were.
      await until('it has looked twice', () => looks() > before + 1);
      writeFileSync(file, 'new');
      const times = told.length;
      await until('it is told', () => told.length > times);
    }
    expect(told).toEqual(['one', 'one']);
  });

  it('are told nothing after the end of the process, whose changes are counted until then', async () => {
    const { east, told, noteBlocked, looks, changes } = setUp();
    await until('it has looked twice', () => looks() > 1);
    writeFileSync(east, 'new');
    await until('a change was seen', () => changes() === 1);
    noteBlocked('one');
    stop.abort();
    writeFileSync(east, 'newer');
    await wait(3 * everyMs);
    expect([changes(), told]).toEqual([1, []]);
  });
});

describe('the files that may hold a credential', () => {
  it('are those of the variables, and those where the SDK of AWS looks', () => {
    const variables = {
      LONGHAUL_CREDENTIAL_EAST_FILE: '/secrets/east',
      LONGHAUL_CREDENTIAL_WEST: 'the value itself',
      LONGHAUL_CREDENTIAL_LATE_FILE: '',
      AWS_CONFIG_FILE: '/secrets/config',
      AZURE_FEDERATED_TOKEN_FILE: '/secrets/token',
    };
    const shared = join(homedir(), '.aws', 'credentials');
    expect([...credentialFiles(variables)].sort()).toEqual(
      ['/secrets/east', shared, '/secrets/config', '/secrets/token'].sort(),
    );
  });
});
