import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { readResults as readBakeoff } from '../../bakeoff/results.js';
import type { ScalingResults, ServerKind } from '../scaling-run.js';
import { realDataOf } from './real-data.js';
import { scalingReport, unmeasured, type Measured } from './scaling-report.js';
import { sizingTables } from './sizing-tables.js';

const pagePath = 'docs/bench/scaling.md';
const sizingPath = 'docs/sizing.md';
const bakeoffPath = 'docs/bench/bakeoff-5000.json';
const [begin, end] = ['<!-- sizes: begin -->', '<!-- sizes: end -->'];

/** Where the measurements on one kind of server are kept. */
export function resultsPath(server: ServerKind): string {
  return `docs/bench/scaling-${server}.json`;
}

async function readResults(server: ServerKind): Promise<ScalingResults | undefined> {
  const path = resultsPath(server);
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as ScalingResults) : undefined;
}

/** Writes the pages anew. */
export async function writePages(): Promise<void> {
  for (const [path, text] of await makePages(await readMeasured())) await writeFile(path, text);
}

/** Returns all measurements that are kept. */
export async function readMeasured(): Promise<Measured> {
  return { local: await readResults('local'), cluster: await readResults('cluster') };
}

/** Returns what the pages say, by their paths. */
export async function makePages(measured: Measured): Promise<ReadonlyMap<string, string>> {
  const bakeoff = await readBakeoff(bakeoffPath);
  if (bakeoff === undefined) throw new Error(`there is no ${bakeoffPath}`);
  const real = realDataOf(bakeoff);
  const { cluster } = measured;
  const tables = cluster === undefined ? unmeasured('cluster') : sizingTables(cluster, real);
  const [before = '', rest = ''] = (await readFile(sizingPath, 'utf8')).split(begin);
  const [, after = ''] = rest.split(end);
  const texts = new Map([
    [pagePath, scalingReport(measured, real)],
    [sizingPath, `${before}${begin}\n\n${tables}\n${end}${after}`],
  ]);
  const options = { ...(await resolveConfig(pagePath)), parser: 'markdown' };
  for (const [path, text] of texts) texts.set(path, await format(text, options));
  return texts;
}
