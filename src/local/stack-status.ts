import { describeStack, type StackDescription } from './state/stack-description.js';
import { readStackState } from './state/stack-state.js';

/**
 * Describes the stack of a state directory and which of its processes run, or returns undefined if there is none. It
 * asks no server.
 */
export async function stackStatus(options: { readonly stateDir: string }): Promise<StackDescription | undefined> {
  const state = readStackState(options.stateDir);
  return state && describeStack(options.stateDir, state);
}
