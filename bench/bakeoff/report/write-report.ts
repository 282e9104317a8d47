import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { readResults, type Results } from '../results.js';
import { allRows } from '../rows/all-rows.js';
import { bakeoffCharts } from './bakeoff-charts.js';
import { bakeoffTables, storyTable } from './bakeoff-tables.js';
import { readmeTable } from './readme-table.js';

const titles: ReadonlyMap<string, string> = new Map(allRows.map(({ name, title }) => [name, title]));

/** Writes the page and the charts of all results in a folder. Returns their paths. */
export async function writeReport(folder: string): Promise<readonly string[]> {
  const all = await everyResult(folder);
  const files = new Map(all.flatMap((results) => [...bakeoffCharts(results, titles)]));
  files.set('bakeoff.md', await format(page(all), { parser: 'markdown', printWidth: 120, proseWrap: 'always' }));
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeFile(join(folder, name), text);
  return [...files.keys()].map((name) => join(folder, name));
}

/** Reads the results of every list, the shortest first. */
async function everyResult(folder: string): Promise<readonly Results[]> {
  const names = (await readdir(folder)).filter((name) => /^bakeoff-\d+\.json$/.test(name));
  const all = await Promise.all(names.map((name) => readResults(join(folder, name))));
  return all.filter((results) => results !== undefined).toSorted((a, b) => a.listUnits - b.listUnits);
}

function page(all: readonly Results[]): string {
  const sections = all.length === 0 ? [unmeasured] : all.map(section);
  return [head, ...sections, ''].join('\n\n');
}

const head = `# Bake-off

<!-- Written by \`npm run bench -- bakeoff\`; change bench/bakeoff/report instead. -->

The engineer whose migration Longhaul was made for compared programs on lists of 1,000 and 5,000 units. This page
compares such programs with Longhaul on the same blobs: JSON lines, about 10 KB each compressed with bzip2, about ten to
a unit, in three accounts. Each program finds the blobs of a unit, joins them in order, and writes one gzip object;
\`rclone\` copies them as they are. After each run every object is read back and compared, byte for byte, with what it
must hold. A program that leaves a wrong object gets no figures.

Stores and programs share the cores of one machine, and a proxy adds latency to each request. The source is a small
read-only server (\`bench/bakeoff/servers\`); the target is SeaweedFS. The CPU time of the stores has a column of its
own and is in no other figure. Longhaul is counted whole: command line, workers, Temporal's server, and starting them.
The Python programs in \`bench/baselines\` are written as a good engineer would write them in an afternoon. After a
crash they begin again, and they leave no proof of what they wrote.

**If your job ends within the hour and needs no proof, use
[\`bench/baselines/threads.py\`](../../bench/baselines/threads.py).**

Bento has no row of its own, because the Go module proxy does not have it. Benthos, from which it was forked, stands for
it: \`bench/baselines/benthos\` adds an input that reads the blobs of a unit and an output that puts an object, with the
SDKs of both clouds.

Compare ratios only, and only within one table. A time with ≈ was measured on part of the list
and multiplied.`;

const unmeasured = 'Nothing has been measured yet; `npm run bench -- bakeoff` does.';

function section(results: Results): string {
  const list = String(results.listUnits);
  const chart = (name: string, alt: string): string => `![${alt}](${name}-${list}.svg)`;
  const story = storyTable(results, titles);
  return [
    `## ${results.listUnits.toLocaleString('en-US')} units`,
    `\`${results.command}\`, ${String(results.latencyMs)} ms a request. ${machines(results).join('; ')}.`,
    ...[chart('speed', 'Blobs a second'), chart('cpu', 'CPU time of a blob'), chart('memory', 'Peak memory')],
    bakeoffTables(results, titles),
    'What that engineer measured with the same kinds of program, with other data on another machine and network:',
    story,
  ].join('\n\n');
}

/** Rows may come from different days: each machine and version is named once. */
function machines({ rows }: Results): readonly string[] {
  const days = rows.map(({ at }) => at.slice(0, 10)).toSorted();
  const [first = '', last = ''] = [days.at(0), days.at(-1)];
  const what = new Set(rows.map(({ machine }) => machine.replace(/, load [\d.]+/, '')));
  return [first === last ? first : `${first} to ${last}`, ...what];
}

/** Puts the figures of the longest list into the README, between its markers. */
export async function fillReadme(readmePath: string, folder: string): Promise<void> {
  const results = (await everyResult(folder)).at(-1);
  const text = await readFile(readmePath, 'utf8');
  if (results === undefined) return;
  const options = { parser: 'markdown', printWidth: 120, proseWrap: 'always' } as const;
  const table = await format(readmeTable(results, titles), options);
  const filled = text.replace(marked, `$1\n\n${table}\n$2`);
  if (filled !== text) await writeFile(readmePath, filled);
}

const marked = /(<!-- figures of the bake-off -->)[\s\S]*?(<!-- end of the figures -->)/;
