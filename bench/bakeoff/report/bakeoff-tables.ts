import { markdownTable } from '../../lib/markdown.mjs';
import type { Results, RowResult } from '../results.js';
import { storyFigures } from './story.js';
import { summariseRow, type RowSummary } from './summarise-row.js';

/** The title of each row, by its name. */
export type Titles = ReadonlyMap<string, string>;

interface Shown {
  readonly title: string;
  readonly result: RowResult;
  readonly summary: RowSummary;
}

/** Returns the tables of one list, with what could not be run below them. */
export function bakeoffTables(results: Results, titles: Titles): string {
  const rows = shownRows(results, titles);
  const longhaul = rows.find(({ result }) => result.name === 'longhaul')?.summary;
  return [
    speedTable(rows, results.listUnits, longhaul),
    costTable(rows, longhaul),
    ...rows.filter(({ result }) => result.name === 'longhaul').map(partsTable),
    ownershipTable(rows),
    killTable(rows),
    ...notRunLines(results, titles),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

/** Returns what the engineer of the story measured, beside the rows that do the same. */
export function storyTable(results: Results, titles: Titles): string {
  const rows = shownRows(results, titles);
  const lines = storyFigures
    .filter(({ units }) => units === results.listUnits)
    .map(({ program, seconds, megabitsPerSecond, row }) => {
      const summary = rows.find(({ result }) => result.name === row)?.summary;
      return [
        program,
        seconds === undefined ? '' : duration(seconds),
        `${String(megabitsPerSecond)} Mbit/s`,
        summary === undefined ? '' : wallTime(summary, results.listUnits),
        summary === undefined ? '' : `${((summary.bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s`,
      ];
    });
  return markdownTable(['program', 'time then', 'rate then', 'time here', 'rate here'], lines);
}

function shownRows({ rows }: Results, titles: Titles): readonly Shown[] {
  return rows.flatMap((result) => {
    const summary = summariseRow(result);
    return summary === undefined ? [] : [{ title: titles.get(result.name) ?? result.name, result, summary }];
  });
}

function speedTable(rows: readonly Shown[], listUnits: number, longhaul: RowSummary | undefined): string {
  const lines = rows.map(({ title, summary }) => [
    title,
    wallTime(summary, listUnits),
    summary.unitsPerSecond.toFixed(1),
    summary.blobsPerSecond.toFixed(0),
    `${(summary.bytesPerSecond / 1e6).toFixed(2)} MB`,
    ratio(summary.blobsPerSecond, longhaul?.blobsPerSecond),
    megabytes(summary.peakBytes),
  ]);
  const head = ['', 'time', 'units/s', 'blobs/s', 'source bytes/s', 'times Longhaul', 'peak memory'];
  return markdownTable(head, lines);
}

function costTable(rows: readonly Shown[], longhaul: RowSummary | undefined): string {
  const lines = rows.map(({ title, summary }) => [
    title,
    `${summary.userSeconds.toFixed(1)} s`,
    `${summary.systemSeconds.toFixed(1)} s`,
    `${summary.cpuMsPerBlob.toFixed(2)} ms`,
    ratio(summary.cpuMsPerBlob, longhaul?.cpuMsPerBlob),
    summary.unitsPerCpuSecond.toFixed(1),
    `${summary.storesCpuMsPerBlob.toFixed(2)} ms`,
    summary.targetBytes === 0 ? '' : megabytes(summary.targetBytes),
  ]);
  const head = [
    'CPU time',
    'user',
    'system',
    'a blob',
    'times Longhaul',
    'units a CPU second',
    'stores, a blob',
    'objects',
  ];
  return markdownTable(head, lines);
}

function ownershipTable(rows: readonly Shown[]): string {
  const lines = rows
    .filter(({ result }) => result.name !== 'codecs')
    .map(({ title, result, summary }) => [
      title,
      result.lines === 0 ? '' : String(result.lines),
      String(result.dependencies),
      String(summary.processes),
    ]);
  return markdownTable(['to maintain', 'lines of code', 'packages', 'processes'], lines);
}

/** Returns where a program spends CPU time and memory, by its processes and by its phases. */
function partsTable({ title, result, summary }: Shown): string {
  const [run] = result.runs;
  const msOf = (seconds: number): string => `${((seconds / (run?.blobs ?? 1)) * 1_000).toFixed(2)} ms`;
  const parts = (run?.parts ?? []).map((part) => [
    part.name,
    `${part.userSeconds.toFixed(1)} s`,
    `${part.systemSeconds.toFixed(1)} s`,
    msOf(part.userSeconds + part.systemSeconds),
    part.peakBytes === 0 ? '' : megabytes(part.peakBytes),
  ]);
  if (parts.length === 0) return '';
  const phases = (run?.phases ?? []).map(({ name, seconds, cpuSeconds }) => [
    `to ${name}`,
    `${seconds.toFixed(1)} s`,
    `${cpuSeconds.toFixed(1)} s`,
    msOf(cpuSeconds),
  ]);
  const head = [`${title}, by process`, 'user', 'system', 'a blob', 'peak memory'];
  const tables = [markdownTable(head, parts)];
  if (phases.length > 0)
    tables.push(markdownTable([`${title}, by phase`, 'time', 'CPU time', 'CPU time a blob'], phases));
  return summary.processes === 1 ? '' : tables.join('\n');
}

/** Returns what was done again after `kill -9` at half, beside an undisturbed run. */
function killTable(rows: readonly Shown[]): string {
  const lines = rows.flatMap(({ title, result: { killed, runs } }) => {
    const [run] = runs;
    if (killed === undefined || run === undefined) return [];
    const { units, readBefore, readAgain, bytesAgain, requests, written, secondsAfter } = killed;
    const requestsPerUnit = (run.lists + run.reads) / run.units;
    const writtenPerUnit = (run.written ?? Number.NaN) / run.units;
    return [
      [
        title,
        String(units),
        `${((readAgain / readBefore) * 100).toFixed(0)} % (${String(readAgain)} of ${String(readBefore)})`,
        `${(bytesAgain / 1e6).toFixed(2)} MB`,
        (requests / units / requestsPerUnit).toFixed(2),
        Number.isNaN(writtenPerUnit) ? '' : (written / units / writtenPerUnit).toFixed(2),
        `${secondsAfter.toFixed(0)} s`,
      ],
    ];
  });
  if (lines.length === 0) return '';
  return markdownTable(
    [
      'after `kill -9` at half',
      'units',
      'blobs read again',
      'bytes read again',
      'requests to the source in all, undisturbed 1',
      'bytes written in all, undisturbed 1',
      'until it ended',
    ],
    lines,
  );
}

function notRunLines({ rows }: Results, titles: Titles): readonly string[] {
  return rows
    .filter(({ notRun }) => notRun !== undefined)
    .map(({ name, notRun }) => `- ${titles.get(name) ?? name}: not run, since ${notRun ?? ''}.\n`);
}

/** A time that was measured on a part of the list is scaled up, and marked. */
function wallTime({ units, wallSeconds }: RowSummary, listUnits: number): string {
  if (units === listUnits) return duration(wallSeconds);
  return `≈ ${duration((wallSeconds * listUnits) / units)} (from ${units.toLocaleString('en-US')} units)`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
}

function ratio(value: number, to: number | undefined): string {
  return to === undefined ? '' : (value / to).toFixed(2);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
}
