import envPaths from 'env-paths';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineLine } from '../lib/machine.mjs';
import { blobContents, type BlobContents } from './data/blob-contents.js';
import { workList } from './data/work-list.js';
import { killAtHalf } from './measure/kill-at-half.js';
import { measureRun, type RunFigures } from './measure/measure-run.js';
import { readResults, withRow, writeResults, type Results, type RowResult } from './results.js';
import { allRows, rowsNamed } from './rows/all-rows.js';
import { NotRun, type Bench, type Row } from './rows/row.js';

/** What is measured, and where it is kept. */
export interface BakeoffOptions {
  readonly listUnits: number;
  /** Names of rows; all without any. */
  readonly rows: readonly string[];
  readonly runs: number;
  readonly latencyMs: number;
  /** Kills each program once and runs it again, to see what is redone. */
  readonly kill: boolean;
  /** Limits each row further than its own limit. */
  readonly unitsMax?: (row: Row) => number;
  /** The file that the results are in. Rows that it has with as many runs are not measured again. */
  readonly resultsPath: string;
  readonly command: string;
  readonly log: (line: string) => void;
}

/** Measures the rows that have not been measured yet, keeps each result at once, and returns all of them. */
export async function runBakeoff(options: BakeoffOptions): Promise<Results> {
  const { listUnits, latencyMs, resultsPath, command, log } = options;
  const rows = options.rows.length === 0 ? allRows : rowsNamed(options.rows);
  const known = await readResults(resultsPath);
  if (known !== undefined && known.latencyMs !== latencyMs)
    throw new Error(`${resultsPath} has results with another latency; remove it, or choose another folder with --out`);
  const bench: Bench = { cacheDir: envPaths('longhaul', { suffix: '' }).cache, log };
  log(`${machineLine()}\nMaking the blobs, unless they are there …`);
  const contents = await blobContents(bench.cacheDir, 'python3');
  let results: Results = known ?? { format: 1, listUnits, latencyMs, command, rows: [] };
  for (const row of rows) {
    const before = results.rows.find(({ name }) => name === row.name);
    if (before !== undefined && isWhole(before, row, options)) {
      log(`${row.title}: measured already`);
      continue;
    }
    const result = await measureRow(row, before, contents, bench, options);
    results = withRow(
      results,
      result,
      allRows.map(({ name }) => name),
    );
    await writeResults(resultsPath, results);
  }
  return results;
}

function isWhole({ runs, killed }: RowResult, row: Row, options: BakeoffOptions): boolean {
  const wantsKill = options.kill && row.killedUnits !== undefined;
  return runs.length >= options.runs && (!wantsKill || killed !== undefined);
}

async function measureRow(
  row: Row,
  before: RowResult | undefined,
  contents: BlobContents,
  bench: Bench,
  options: BakeoffOptions,
): Promise<RowResult> {
  const { listUnits, latencyMs, log } = options;
  const known = { name: row.name, lines: await countLines(row.files), at: new Date().toISOString().slice(0, 16) };
  const machine = machineLine();
  try {
    const prepared = await row.prepare(bench);
    const unitsMax = Math.min(listUnits, row.unitsMax ?? listUnits, options.unitsMax?.(row) ?? listUnits);
    const run = { row, prepared, contents, latencyMs };
    const runs: RunFigures[] = [...(before?.runs ?? [])];
    while (runs.length < options.runs) {
      log(`${row.title}: ${String(unitsMax)} units …`);
      const figures = await measureRun({ ...run, units: workList(unitsMax) });
      log(describe(figures));
      runs.push(figures);
    }
    let killed = before?.killed;
    if (options.kill && row.killedUnits !== undefined && killed === undefined) {
      log(`${row.title}: ${String(row.killedUnits)} units, killed at half …`);
      killed = await killAtHalf({ ...run, units: workList(row.killedUnits) });
      log(`  ${String(killed.readAgain)} of ${String(killed.readBefore)} blobs were read again`);
    }
    const { dependencies } = prepared;
    return { ...known, machine, runs, dependencies, ...(killed !== undefined && { killed }) };
  } catch (error) {
    // The other rows are measured all the same; the next call tries this one again.
    const notRun = error instanceof NotRun ? error.message : 'it failed';
    log(`${row.title}: not run, since ${notRun}${error instanceof NotRun ? '' : `:\n${errorText(error)}`}`);
    return { ...known, machine, runs: [], dependencies: 0, notRun };
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe(figures: RunFigures): string {
  const { wallSeconds, userSeconds, systemSeconds, blobs, peakBytes } = figures;
  const cpuMs = ((userSeconds + systemSeconds) / blobs) * 1_000;
  const rate = blobs / wallSeconds;
  return `  ${wallSeconds.toFixed(1)} s, ${rate.toFixed(0)} blobs/s, ${cpuMs.toFixed(2)} ms CPU a blob, ${String(
    Math.round(peakBytes / 1e6),
  )} MB; every object right`;
}

/** Counts the lines of code in files, without blank ones and those that are comments alone. */
async function countLines(files: readonly string[]): Promise<number> {
  const texts = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, '../..', file), 'utf8')));
  const lines = texts.flatMap((text) => text.replaceAll(/"""[\s\S]*?"""|\/\*[\s\S]*?\*\//g, '').split('\n'));
  return lines.filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line)).length;
}
