/** Reads or stages the units of a folder, and writes what that took, as JSON, to standard output. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDefinition } from '../../dist/definition/parse-definition.js';
import { readUnits } from '../../dist/definition/units/read-units.js';
import { stageMigration } from '../../dist/staging/stage-migration.js';

const [what, directory = ''] = process.argv.slice(2);
const definition = parseDefinition(await readFile(join(directory, 'migration.yaml'), 'utf8'), 'migration.yaml');
const lines = readUnits({ from: definition.units.from, directory });
const [cpuBefore, startedMs] = [process.cpuUsage(), performance.now()];
const units = what === 'stage' ? await stage() : await count();
const cpu = process.cpuUsage(cpuBefore);

process.stdout.write(
  JSON.stringify({
    units,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    wallSeconds: (performance.now() - startedMs) / 1_000,
    // Node gives it in kibibytes.
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);

async function count() {
  let read = 0;
  for await (const { line } of lines) if (line > 0) read += 1;
  return read;
}

async function stage() {
  const { record } = await stageMigration({
    ...{ definition, units: lines, store: countingStore(), base: '.longhaul/bench', newestRound: 0, version: '0.0.0' },
    ...{ now: () => new Date(), signal: new AbortController().signal, temporaryDirectory: directory },
  });
  return record.layout.units;
}

/** Returns a control store that stores nothing, and is empty. */
function countingStore() {
  const nothing = () => Promise.reject(new Error('staging does not ask for this'));
  return {
    read: async () => undefined,
    write: async () => ({ state: /** @type {const} */ ('written'), etag: '"1"' }),
    overwrite: async () => undefined,
    ...{ overwriteStream: nothing, listPage: nothing, delete: nothing },
    readStream: () => {
      throw new Error('staging does not read streams');
    },
  };
}
