import type { SharedStack, StackStatusDocument } from './e2e-stack.js';
import { runLonghaul, runLonghaulJson } from '../programs/longhaul-program.js';

/** The parts of a stack, as `dev status` names them. */
export type StackPart = 'temporal' | 'azurite' | 's3' | 'workers';

/** Returns the process id of one part of a stack; for the workers, that of the parent. */
export async function partPid(stack: Pick<SharedStack, 'stateDir'>, name: StackPart): Promise<number> {
  const { document } = await runLonghaulJson<StackStatusDocument>(['dev', 'status', '--state-dir', stack.stateDir]);
  const pid = document.parts.find((part) => part.name === name)?.pid;
  if (typeof pid !== 'number') throw new Error(`the stack has no process ${name}`);
  return pid;
}

/** Restarts the parts that have ended, and fails unless all parts are ready. Workers get the credentials they had. */
export async function bringUpAgain(stack: Pick<SharedStack, 'stateDir' | 'environment'>): Promise<void> {
  const credentials = Object.entries(stack.environment).filter(([name]) => /^LONGHAUL_CREDENTIAL_.*_FILE$/.test(name));
  const up = await runLonghaul(['dev', 'up', '--state-dir', stack.stateDir], Object.fromEntries(credentials));
  if (up.exitCode !== 0) throw new Error(`dev up ended with ${String(up.exitCode)}:\n${up.stderr}`);
}
