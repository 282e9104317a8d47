import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { machineLine } from '../lib/machine.mjs';
import { markdownTable } from '../lib/markdown.mjs';

export const summary = 'how fast units are staged and checked, beside just reading their file, and in how much memory';

export const options = /** @type {const} */ ({
  units: { type: 'string', default: '5000000', least: 1, description: 'lines of the units file' },
  templates: {
    type: 'string',
    default: 'plain',
    among: ['plain', 'filters'],
    description: 'plain: only variables; filters: hashes and dates too',
  },
  'max-mib': {
    type: 'string',
    default: '512',
    least: 1,
    description: 'memory that staging may take; more is a failure',
  },
});

/**
 * Stages a generated units file into a store that only counts, so that neither a network nor a disk of a store is
 * measured. Each figure comes from a process of its own.
 *
 * @param {{ units: string, templates: string, 'max-mib': string }} values
 */
export async function run({ units, templates, 'max-mib': maxMiB }) {
  process.stdout.write(`${machineLine()}\n\n`);
  const directory = await mkdtemp(join(tmpdir(), 'longhaul-bench-staging-'));
  try {
    await writeFile(join(directory, 'migration.yaml'), migration(templates === 'filters' ? filtered : plain));
    await pipeline(Readable.from(unitLines(Number(units))), createWriteStream(join(directory, 'units.csv')));
    const read = await measured('read', directory);
    const staged = await measured('stage', directory);
    process.stdout.write(markdownTable(['5 columns of CSV', 'read', 'staged'], rows(read, staged)));
    process.stdout.write(`\nJust reading is ${(staged.cpuSeconds / read.cpuSeconds).toFixed(1)} times as fast.\n`);
    const peakMiB = staged.peakBytes / 2 ** 20;
    if (peakMiB <= Number(maxMiB)) return;
    process.stdout.write(`Staging took ${peakMiB.toFixed(0)} MiB of memory, and may take ${maxMiB} MiB.\n`);
    process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true });
  }
}

const plain = { folder: '{{ tenant }}', date: '{{ month }}' };
const filtered = {
  folder: "{{ tenant | hash: 'md5' | slice: 0, 2 }}/{{ tenant }}",
  date: "{{ month | date: '%Y/%m' }}",
};

/** @param {{ folder: string, date: string }} parts */
const migration = ({ folder, date }) => `version: 1
name: bench
units: { from: units.csv, id: "{{ tenant }}/{{ month }}/{{ shard }}" }
accounts:
  east: { endpoint: "https://east.blob.core.windows.net" }
  west: { endpoint: "https://west.blob.core.windows.net" }
find:
  - account: "{{ region }}"
    container: "events-{{ month }}"
    prefix: "${folder}/${date}/{{ shard }}/"
    match: "**/*.json.bz2"
expect: { blobs: "{{ parts }}" }
target: { bucket: archive, key: "orders/${folder}/${date}/{{ shard }}.json.gz" }
`;

/** Yields the file in pieces of a thousand lines. @param {number} units */
function* unitLines(units) {
  yield 'tenant,month,shard,region,parts\n';
  for (let at = 0; at < units; at += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, units - at) }, (_unused, offset) => unitLine(at + offset));
    yield lines.join('');
  }
}

/** @param {number} index */
function unitLine(index) {
  const [tenant, rest] = [Math.floor(index / 4_800), index % 4_800];
  const [month, shard] = [Math.floor(rest / 100), rest % 100];
  const date = `${String(2019 + Math.floor(month / 12))}-${String((month % 12) + 1).padStart(2, '0')}`;
  const region = index % 3 === 0 ? 'west' : 'east';
  return `tenant-${String(tenant)},${date},${String(shard).padStart(2, '0')},${region},${String(index % 40)}\n`;
}

/**
 * @typedef {{ units: number, cpuSeconds: number, wallSeconds: number, peakBytes: number }} Figures
 * @param {'read' | 'stage'} what
 * @param {string} directory
 * @returns {Promise<Figures>}
 */
async function measured(what, directory) {
  const program = join(import.meta.dirname, 'measured-process.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [program, what, directory]);
  return JSON.parse(stdout);
}

/** @param {Figures} read @param {Figures} staged */
function rows(read, staged) {
  const both = (/** @type {string} */ name, /** @type {(figures: Figures) => string} */ show) => [
    name,
    show(read),
    show(staged),
  ];
  return [
    both('units', ({ units }) => String(units)),
    both('CPU time of a unit', ({ cpuSeconds, units }) => `${((cpuSeconds / units) * 1e6).toFixed(1)} µs`),
    both('units a second of CPU time', ({ cpuSeconds, units }) => (units / cpuSeconds).toFixed(0)),
    both('time', ({ wallSeconds }) => `${wallSeconds.toFixed(1)} s`),
    both('most memory', ({ peakBytes }) => `${(peakBytes / 2 ** 20).toFixed(0)} MiB`),
  ];
}
