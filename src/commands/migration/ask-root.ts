import { nameOfRoot } from '../../domain/ids.js';
import type { ControlAnswer } from '../../workflows/operator-messages.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { CommandContext } from '../ports/context.js';
import type { OperatorRequest, RootDescription, TemporalPort } from '../ports/temporal-port.js';
import { requireRoot } from './find-root.js';
import { namedMigration } from './named-migration.js';
import { noWorkersWarning } from './no-workers.js';

/**
 * Asks a running migration for something. Rejects with status 5 if Temporal does not know it, with status 2 if it is
 * not running. `check` may refuse the root first.
 */
export async function askRoot(
  context: CommandContext,
  operand: string,
  request: OperatorRequest,
  check: (root: RootDescription) => void = () => undefined,
): Promise<{ readonly name: string; readonly answer: ControlAnswer }> {
  const named = await namedMigration(operand);
  const temporal = await context.connectTemporal(context.environment);
  try {
    const root = await requireRoot(temporal, named);
    if (root.state !== 'running') throw notRunning(named.name, request.kind);
    check(root);
    return { name: named.name, answer: await askRunningRoot(context, temporal, root, request) };
  } finally {
    await temporal.close();
  }
}

/** Asks a root run that is known to be running. Warns if there is no worker to answer. */
export async function askRunningRoot(
  context: Pick<CommandContext, 'err'>,
  temporal: TemporalPort,
  { workflowId, runId }: Pick<RootDescription, 'workflowId' | 'runId'>,
  request: OperatorRequest,
): Promise<ControlAnswer> {
  const name = nameOfRoot(workflowId);
  try {
    const answer = await temporal.askRoot(name, runId, request);
    if (answer === undefined) throw notRunning(name, request.kind);
    return answer;
  } catch (error) {
    // The request stays with the server, and is carried out as soon as there is a worker.
    const isSilence = error instanceof CommandError && error.exitStatus === exitStatus.unreachable;
    if (isSilence && !(await temporal.isPolled())) context.err.write(`${noWorkersWarning(temporal.taskQueue)}\n`);
    throw error;
  }
}

const notRunning = (name: string, kind: OperatorRequest['kind']): CommandError =>
  new CommandError(exitStatus.usage, `The migration ${name} is not running: there is nothing to ${kind}`, {
    next: `see where it stands: \`longhaul status ${name}\``,
  });
