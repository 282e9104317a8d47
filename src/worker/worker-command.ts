import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { workerTable } from './worker-table.js';

/**
 * How `longhaul-worker` was called. `child` and `token` are the number and the name of a process that its parent has
 * started.
 */
export interface WorkerCall {
  readonly processes: number;
  readonly taskQueue: string;
  readonly child?: number;
  readonly token?: string;
}

/** Parses the arguments of `longhaul-worker`. Prints help and errors by itself, and then throws a CommanderError. */
export function parseWorkerCall(args: readonly string[], defaults: { taskQueue: string; version: string }): WorkerCall {
  const { options } = workerTable;
  const command = new Command('longhaul-worker')
    .description(workerTable.summary)
    .version(defaults.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addOption(
      new Option(options.processes.flags, options.processes.description)
        .default('auto', options.processes.fallback)
        .argParser((text) => (text === 'auto' ? text : parseCount(text))),
    )
    .addOption(
      new Option(options.taskQueue.flags, options.taskQueue.description).default(
        defaults.taskQueue,
        options.taskQueue.fallback,
      ),
    )
    .addOption(new Option('--child <number>').hideHelp().argParser(parseCount))
    .addOption(new Option('--token <token>').hideHelp())
    .addHelpText('after', helpText)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'longhaul-worker: ')) })
    .showHelpAfterError('Try `longhaul-worker --help`.')
    .allowExcessArguments(false)
    .exitOverride();
  const { processes, ...rest } = command
    .parse(args[0] === 'help' ? ['--help'] : args, { from: 'user' })
    .opts<{ processes: 'auto' | number; taskQueue: string; child?: number; token?: string }>();
  return { ...rest, processes: processes === 'auto' ? availableParallelism() : processes };
}

function helpText(): string {
  const { examples, variables, sdkVariables, signals, statuses } = workerTable;
  return [
    '',
    'Examples:',
    ...columns(examples.map(({ line, does }) => [`longhaul-worker ${line}`, does])),
    '',
    'Environment:',
    ...columns(Object.entries({ ...sdkVariables, ...variables })),
    '',
    'Exit statuses:',
    ...columns(Object.entries(statuses)),
    '',
    signals,
  ].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`);
}

const processesMax = 256;

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > processesMax) {
    throw new InvalidArgumentError(`It must be auto or a whole number from 1 to ${String(processesMax)}.`);
  }
  return count;
}
