import envPaths from 'env-paths';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineLine } from '../lib/machine.mjs';
import { blobContents, type BlobContents } from './data/blob-contents.js';
import { workList } from './data/work-list.js';
import { estimateSeconds } from './estimate.js';
import { killAtHalf } from './measure/kill-at-half.js';
import { measureRun, type RunFigures } from './measure/measure-run.js';
import { readResults, withRow, writeResults, type Results, type RowResult } from './results.js';
import { allRows, rowsNamed } from './rows/all-rows.js';
import { NotRun, type Bench, type Row } from './rows/row.js';

/** What is measured, and where the results are stored. */
export interface BakeoffOptions {
  readonly listUnits: number;
  /** Names of rows; all if it is empty. */
  readonly rows: readonly string[];
  readonly runs: number;
  readonly latencyMs: number;
  /** Kills each program once and runs it again, to see what is redone. */
  readonly kill: boolean;
  /** Limits each row further than its own limit. */
  readonly unitsMax?: (row: Row) => number;
  /** The file with the results. Rows that it already has with as many runs are not measured again. */
  readonly resultsPath: string;
  readonly command: string;
  readonly log: (line: string) => void;
}

/** Measures the rows that have not been measured yet, stores each result at once, and returns all of them. */
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
  log(durationLine(rows, results, options));
  const names = allRows.map(({ name }) => name);
  const keep = async (result: RowResult): Promise<void> => {
    results = withRow(results, result, names);
    await writeResults(resultsPath, results);
  };
  for (const row of rows) {
    const before = results.rows.find(({ name }) => name === row.name);
    if (before !== undefined && isWhole(before, row, options)) {
      log(`${row.title}: measured already`);
      continue;
    }
    await measureRow({ row, before, contents, bench, keep }, options);
  }
  return results;
}

function isWhole({ runs, killed }: RowResult, row: Row, options: BakeoffOptions): boolean {
  const wantsKill = options.kill && row.killedUnits !== undefined;
  return runs.length >= options.runs && (!wantsKill || killed !== undefined);
}

/** Returns how long the missing measurements take on a machine that does nothing else. */
function durationLine(rows: readonly Row[], results: Results, options: BakeoffOptions): string {
  const work = rows.map((row) => {
    const before = results.rows.find(({ name }) => name === row.name);
    const runs = Math.max(0, options.runs - (before?.runs.length ?? 0));
    const kill = options.kill && row.killedUnits !== undefined && before?.killed === undefined;
    return { row, units: unitsOf(row, options), runs, kill };
  });
  const minutes = Math.ceil(estimateSeconds(work) / 60);
  return `This takes about ${String(minutes)} minutes on two quiet cores. Each row is kept as soon as it is measured.`;
}

function unitsOf(row: Row, { listUnits, unitsMax }: BakeoffOptions): number {
  return Math.min(listUnits, row.unitsMax ?? listUnits, unitsMax?.(row) ?? listUnits);
}

/** Measures what a row still lacks. Each result is stored at once. */
async function measureRow(
  {
    row,
    before,
    contents,
    bench,
    keep,
  }: {
    readonly row: Row;
    readonly before: RowResult | undefined;
    readonly contents: BlobContents;
    readonly bench: Bench;
    readonly keep: (result: RowResult) => Promise<void>;
  },
  options: BakeoffOptions,
): Promise<void> {
  const { latencyMs, log } = options;
  const known = { name: row.name, lines: await countLines(row.files), at: new Date().toISOString().slice(0, 16) };
  const machine = machineLine();
  let result: RowResult = { ...known, machine, runs: before?.runs ?? [], dependencies: 0 };
  if (before?.killed !== undefined) result = { ...result, killed: before.killed };
  try {
    const prepared = await row.prepare(bench);
    result = { ...result, dependencies: prepared.dependencies };
    const units = unitsOf(row, options);
    const run = { row, prepared, contents, latencyMs };
    while (result.runs.length < options.runs) {
      log(`${row.title}: ${String(units)} units …`);
      const figures = await measureRun({ ...run, units: workList(units) });
      log(describe(figures));
      result = { ...result, runs: [...result.runs, figures] };
      await keep(result);
    }
    if (options.kill && row.killedUnits !== undefined && result.killed === undefined) {
      const killedUnits = Math.min(units, row.killedUnits);
      log(`${row.title}: ${String(killedUnits)} units, killed at half …`);
      const killed = await killAtHalf({ ...run, units: workList(killedUnits) });
      log(`  ${String(killed.readAgain)} of ${String(killed.readBefore)} blobs were read again`);
      await keep({ ...result, killed });
    }
  } catch (error) {
    // The other rows are still measured; the next call tries this one again.
    const notRun = error instanceof NotRun ? error.message : 'it failed';
    log(`${row.title}: not run, since ${notRun}${error instanceof NotRun ? '' : `:\n${errorText(error)}`}`);
    await keep({ ...result, notRun });
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function describe(figures: RunFigures): string {
  const { wallSeconds, userSeconds, systemSeconds, blobs, peakBytes, parts = [], phases = [] } = figures;
  const msOf = (seconds: number): string => `${((seconds / blobs) * 1_000).toFixed(2)} ms`;
  const total =
    `  ${wallSeconds.toFixed(1)} s, ${(blobs / wallSeconds).toFixed(0)} blobs/s, ` +
    `${msOf(userSeconds + systemSeconds)} CPU a blob, ${String(Math.round(peakBytes / 1e6))} MB; every object right`;
  const ofParts = parts.map(
    (part) =>
      `    ${part.name}: user ${part.userSeconds.toFixed(1)} s, system ${part.systemSeconds.toFixed(1)} s, ` +
      `${msOf(part.userSeconds + part.systemSeconds)} a blob, ${String(Math.round(part.peakBytes / 1e6))} MB`,
  );
  const ofPhases = phases.map(
    ({ name, seconds, cpuSeconds }) => `    to ${name}: ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU`,
  );
  return [total, ...ofParts, ...ofPhases].join('\n');
}

/** Counts the lines of code in files, without blank ones and those that are only comments. */
async function countLines(files: readonly string[]): Promise<number> {
  const texts = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, '../..', file), 'utf8')));
  const lines = texts.flatMap((text) => text.replaceAll(/"""[\s\S]*?"""|\/\*[\s\S]*?\*\//g, '').split('\n'));
  return lines.filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line)).length;
}
