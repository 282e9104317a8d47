import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KilledRun } from './measure/kill-at-half.js';
import type { RunFigures } from './measure/measure-run.js';

/** What is known about a row: its runs, or why there are none. */
export interface RowResult {
  readonly name: string;
  readonly runs: readonly RunFigures[];
  readonly killed?: KilledRun;
  readonly notRun?: string;
  /** Lines that somebody has to maintain, without blank ones and comments. */
  readonly lines: number;
  readonly dependencies: number;
  /** When it was measured, and on what: one line. */
  readonly at: string;
  readonly machine: string;
}

/** All results of one list, as they are stored: a run that was cut short continues from them. */
export interface Results {
  readonly format: 1;
  readonly listUnits: number;
  readonly latencyMs: number;
  readonly command: string;
  readonly rows: readonly RowResult[];
}

/** Reads results, or returns undefined if there are none. */
export async function readResults(path: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Results;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeResults(path: string, results: Results): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, `${JSON.stringify(results, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

/** Returns the results with this row in them, in the order of `names`. */
export function withRow(results: Results, row: RowResult, names: readonly string[]): Results {
  const rows = [...results.rows.filter(({ name }) => name !== row.name), row];
  return { ...results, rows: rows.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name)) };
}
