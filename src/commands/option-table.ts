import { exportFormats, type ExportFormat } from './export/export-formats.js';
import { type Phase, phases } from '../domain/figures/progress.js';
import { unitPeriods, type UnitPeriod } from '../shapes/proposal/unit-choice.js';
import { CommandError } from './ending/command-error.js';
import { exitStatus } from './ending/exit-status.js';

/** The values of all options. Those without a default are undefined unless they are given. */
export interface OptionValues {
  readonly json: boolean;
  readonly debug: boolean;
  readonly watch: boolean;
  readonly again: boolean;
  readonly until: Phase | undefined;
  readonly stateDir: string | undefined;
  readonly portBase: number | undefined;
  readonly shell: 'posix' | 'powershell';
  readonly stores: boolean;
  readonly wipe: boolean;
  readonly units: number;
  readonly fresh: boolean;
  readonly fromDemo: boolean;
  readonly to: string | undefined;
  readonly now: boolean;
  readonly acceptFailures: boolean;
  readonly yes: boolean;
  readonly csv: boolean;
  readonly class: string | undefined;
  readonly unit: string | undefined;
  readonly accountsOf: string | undefined;
  readonly period: UnitPeriod | undefined;
  readonly unitsFile: string | undefined;
  readonly shape: number;
  readonly whole: boolean;
  readonly migration: string | undefined;
  readonly format: ExportFormat;
  readonly output: string | undefined;
  readonly sample: string | undefined;
  readonly seed: number;
  readonly prices: string | undefined;
  readonly unclaimed: boolean;
  readonly blobRate: number | undefined;
  readonly reportDir: string | undefined;
  readonly readBack: string | undefined;
  readonly full: boolean;
  readonly since: string | undefined;
}

/** The name of an option in {@link OptionValues}. */
export type OptionName = keyof OptionValues;

/** What the parser and the help know about an option. */
export interface OptionRow {
  readonly flags: string;
  readonly description: string;
  /** The value without the flag; undefined for none. */
  readonly fallback: boolean | number | string | undefined;
  /** The fallback in words, if its value would say nothing. */
  readonly fallbackText?: string;
  readonly choices?: readonly string[];
  /** Reads the flag's value. Throws a `CommandError` that says what it must be. */
  readonly parse?: (text: string) => number;
}

/** Every option of the command line. */
export const optionTable: Readonly<Record<OptionName, OptionRow>> = {
  json: { flags: '--json', description: 'print one JSON document on standard output', fallback: false },
  debug: { flags: '--debug', description: 'show the stack of an error', fallback: false },
  watch: { flags: '--watch', description: 'stay and show progress until the migration ends', fallback: false },
  again: {
    flags: '--again',
    description: 'begin the next round, with the file and its units as they are now',
    fallback: false,
  },
  until: {
    flags: '--until <phase>',
    description: 'return as soon as the migration is in this phase',
    fallback: undefined,
    fallbackText: 'until it ends',
    choices: phases,
  },
  stateDir: {
    flags: '--state-dir <dir>',
    description: 'where the local stack keeps its state',
    fallback: undefined,
    fallbackText: "the user's data directory",
  },
  portBase: {
    flags: '--port-base <port>',
    description: 'first of the ports that the local stack listens on',
    fallback: undefined,
    fallbackText: 'usual ports, or those of the running stack',
    parse: wholeNumber('a port from 1024 to 65000', 1_024, 65_000),
  },
  shell: {
    flags: '--shell <shell>',
    description: 'the shell whose syntax to print',
    fallback: 'posix',
    choices: ['posix', 'powershell'],
  },
  stores: {
    flags: '--no-stores',
    description: 'Temporal and workers only, for real clouds from one machine',
    fallback: true,
  },
  wipe: { flags: '--wipe', description: 'delete its state as well', fallback: false },
  units: {
    flags: '--units <number>',
    description: 'how many units to generate',
    fallback: 300,
    parse: wholeNumber('a whole number from 1 to 1,000,000', 1, 1_000_000),
  },
  fromDemo: {
    flags: '--from-demo',
    description: 'use data of the newest demo on the local stack',
    fallback: false,
  },
  to: {
    flags: '--to <dir>',
    description: 'folder to fetch the programs into',
    fallback: undefined,
    fallbackText: "the user's cache",
  },
  now: { flags: '--now', description: 'do not wait for the units in flight', fallback: false },
  acceptFailures: {
    flags: '--accept-failures',
    description: 'continue although more units have failed than limits.failedUnits allows',
    fallback: false,
  },
  yes: { flags: '--yes', description: 'do not ask', fallback: false },
  csv: { flags: '--csv', description: 'print comma-separated values', fallback: false },
  class: {
    flags: '--class <class>',
    description: 'only units that failed with this class, or with one that begins like this',
    fallback: undefined,
  },
  unit: { flags: '--unit <id>', description: 'only this unit', fallback: undefined },
  migration: {
    flags: '--migration <file>',
    description: 'the migration file whose transform, limits and accounts to use',
    fallback: undefined,
    fallbackText: 'the defaults',
  },
  format: {
    flags: '--format <format>',
    description: 'the form of the lines',
    fallback: 'ndjson',
    choices: exportFormats,
  },
  output: {
    flags: '-o, --output <file>',
    description: 'where to write the result, which appears only if it is whole',
    fallback: undefined,
    fallbackText: 'standard output',
  },
  sample: {
    flags: '--sample <units>',
    description: 'look at only this many units, or at a share of them: 1000, 5%',
    fallback: undefined,
    fallbackText: 'all units',
  },
  seed: {
    flags: '--seed <number>',
    description: 'decides which units are in the sample',
    fallback: 1,
    parse: wholeNumber('a whole number up to 4294967295', 0, 4_294_967_295),
  },
  prices: {
    flags: '--prices <file>',
    description: 'price list, YAML or JSON',
    fallback: undefined,
    fallbackText: 'list prices, with their date',
  },
  unclaimed: {
    flags: '--unclaimed',
    description: 'also list the containers, and report each blob that no unit claims, or more than one',
    fallback: false,
  },
  blobRate: {
    flags: '--blob-rate <number>',
    description: 'blobs a second that the migration moves',
    fallback: undefined,
    fallbackText: 'the rate of its last round, or a guess',
    parse: wholeNumber('a whole number from 1 to 1,000,000', 1, 1_000_000),
  },
  reportDir: {
    flags: '-o, --report-dir <dir>',
    description: 'folder to write plan.html, plan-units.csv and plan.json to',
    fallback: undefined,
    fallbackText: 'no files',
  },
  accountsOf: {
    flags: '--migration <file>',
    description: 'the migration file whose accounts to use',
    fallback: undefined,
    fallbackText: "Azure's public cloud",
  },
  period: {
    flags: '--period <period>',
    description:
      'how much time a unit covers; all: dates do not distinguish units; span: from the column `first` to the ' +
      'column `last`',
    fallback: undefined,
    fallbackText: 'as the folders tell, but not less than a day',
    choices: unitPeriods,
  },
  unitsFile: {
    flags: '--units <file>',
    description: 'new .csv file to write the units of a shape to',
    fallback: undefined,
    fallbackText: 'no file',
  },
  shape: {
    flags: '--shape <number>',
    description: 'which shape --units is about, by its number in the output',
    fallback: 1,
    parse: wholeNumber('a whole number from 1 to 50', 1, 50),
  },
  whole: { flags: '--whole', description: 'list every blob, however many there are', fallback: false },
  readBack: {
    flags: '--sample <objects>',
    description: 'also read back and unpack this many objects, or a share of them: 1000, 5%',
    fallback: undefined,
    fallbackText: 'none',
  },
  full: { flags: '--full', description: 'read back and unpack all objects', fallback: false },
  since: {
    flags: '--since <time>',
    description: 'only objects published since this time: 2026-01-31 or 2026-01-31T04:30:00Z',
    fallback: undefined,
    fallbackText: 'all objects',
  },
  fresh: { flags: '--fresh', description: 'delete the data of earlier demos first', fallback: false },
};

/** Returns a parser of whole numbers within bounds. */
function wholeNumber(what: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new CommandError(exitStatus.usage, `it must be ${what}`);
    }
    return value;
  };
}
