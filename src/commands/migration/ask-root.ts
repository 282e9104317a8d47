import type { ControlAnswer } from '../../workflows/operator-messages.js';
import { CommandError } from '../ending/command-error.js';
import { isRootOf } from '../control-of.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import { noWorkersWarning } from '../status/follow-migration.js';
import { parseMigrationArgument } from './migration-argument.js';
import { readMigrationFile } from './read-migration-file.js';
import type { ControlRequest, RootDescription, TemporalPort } from '../ports/temporal-port.js';

/** Gives the newest root run that an operand names, by NAME or FILE; undefined where Temporal knows none. */
async function findRoot(
  temporal: TemporalPort,
  operand: string,
): Promise<{ readonly name: string; readonly root: RootDescription | undefined }> {
  const argument = parseMigrationArgument(operand);
  if (argument.kind === 'name') {
    return { name: argument.name, root: await temporal.describeRoot(argument.name) };
  }
  const { definition } = await readMigrationFile(argument.path);
  const root = await temporal.describeRoot(definition.name);
  return { name: definition.name, root: root !== undefined && isRootOf(root, definition) ? root : undefined };
}

/** Asks a running migration for something. Rejects with status 5 where Temporal does not know it, with status 2 where it does not run. */
export async function operate(
  context: CommandContext,
  operand: string,
  request: ControlRequest,
): Promise<{ readonly name: string; readonly answer: ControlAnswer }> {
  const temporal = await context.connectTemporal(context.environment);
  try {
    const { name, root } = await findRoot(temporal, operand);
    if (root === undefined) {
      throw new CommandError(
        exitStatus.noSuchMigration,
        `Temporal at ${temporal.address}, namespace ${temporal.namespace}, knows no migration ${name}`,
        { next: '`longhaul list` names those that it knows' },
      );
    }
    if (root.state !== 'running') throw notRunning(name, request.kind);
    return { name, answer: await askRoot(context, temporal, root, request) };
  } finally {
    await temporal.close();
  }
}

/** Asks a root run that is known to run; says so when no worker is there to answer. */
export async function askRoot(
  context: CommandContext,
  temporal: TemporalPort,
  { workflowId, runId }: Pick<RootDescription, 'workflowId' | 'runId'>,
  request: ControlRequest,
): Promise<ControlAnswer> {
  const name = workflowId.slice(workflowId.indexOf('/') + 1);
  try {
    const answer = await temporal.controlRoot(name, runId, request);
    if (answer === undefined) throw notRunning(name, request.kind);
    return answer;
  } catch (error) {
    // It is carried out as soon as a worker is there.
    const isSilence = error instanceof CommandError && error.exitStatus === exitStatus.unreachable;
    if (isSilence && !(await temporal.isPolled())) context.err.write(`${noWorkersWarning(temporal.taskQueue)}\n`);
    throw error;
  }
}

const notRunning = (name: string, kind: ControlRequest['kind']): CommandError =>
  new CommandError(exitStatus.usage, `The migration ${name} does not run: there is nothing to ${kind}`, {
    next: `look where it stands: \`longhaul status ${name}\``,
  });
