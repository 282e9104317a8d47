import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';

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

const examples = `
Examples:
  $ longhaul-worker                              one process per core, for the server at TEMPORAL_ADDRESS
  $ longhaul-worker --processes 2                two processes
  $ longhaul-worker --task-queue nightly         serves migrations that were started on this queue

Environment:
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_PROFILE   where Temporal is
  LONGHAUL_CREDENTIAL_<NAME>[_FILE]     credentials of source accounts, by the names in migration.yaml
  AWS_PROFILE, AWS_ACCESS_KEY_ID, ...   credentials of the target, as for any AWS program
  LONGHAUL_TASK_QUEUE, LONGHAUL_HEARTBEAT_INTERVAL, LONGHAUL_LOG, LONGHAUL_METRICS
  LONGHAUL_TRUSTED_HOSTS                hosts besides Azure's own that may be sent a token, separated by commas
  LONGHAUL_PAYLOAD_CODEC                path of a module that encrypts what Temporal stores

SIGTERM or Ctrl-C drains: slices checkpoint and hand back, and other workers continue them. A second one ends at once.`;

/** Parses the arguments of `longhaul-worker`. Prints help and errors by itself, and then throws a CommanderError. */
export function parseWorkerCall(args: readonly string[], defaults: { taskQueue: string; version: string }): WorkerCall {
  const command = new Command('longhaul-worker')
    .description('Moves the units of migrations: a parent that keeps one process per core running.')
    .version(defaults.version)
    .addOption(
      new Option('--processes <number>', 'how many processes, or auto: one per core')
        .default('auto')
        .argParser((text) => (text === 'auto' ? text : parseCount(text))),
    )
    .option('--task-queue <name>', 'the task queue to serve', defaults.taskQueue)
    .addOption(new Option('--child <number>').hideHelp().argParser(parseCount))
    .addOption(new Option('--token <token>').hideHelp())
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .exitOverride();
  const { processes, ...rest } = command
    .parse(args, { from: 'user' })
    .opts<{ processes: 'auto' | number; taskQueue: string; child?: number; token?: string }>();
  return { ...rest, processes: processes === 'auto' ? availableParallelism() : processes };
}

const processesMax = 256;

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > processesMax) {
    throw new InvalidArgumentError(`It must be auto or a whole number from 1 to ${String(processesMax)}.`);
  }
  return count;
}
