import type { Environment } from '../../env.js';
import type { StackDescription } from '../../local/state/stack-description.js';
import type { StackDown } from '../../local/stack-down.js';
import type { StackUp } from '../../local/stack-up.js';

/** Which local stack is meant. */
export interface StackPlace {
  readonly stateDir: string;
}

/** The local stack as the verbs see it. Errors are `LocalStackError`s. */
export interface StackPort {
  /** Where a stack keeps its state when the user does not say. */
  readonly defaultStateDir: string;
  up(
    request: StackPlace & {
      readonly portBase: number | undefined;
      readonly stores: boolean;
      readonly progress: (line: string) => void;
    },
    signal: AbortSignal,
  ): Promise<StackUp>;
  down(request: StackPlace & { readonly wipe: boolean; readonly progress: (line: string) => void }): Promise<StackDown>;
  /** Fetches the stack's programs into a folder, or into the cache, and gives their absolute paths. */
  fetch(
    request: { readonly dir: string | undefined; readonly progress: (line: string) => void },
    signal: AbortSignal,
  ): Promise<{ readonly temporal: string; readonly weed: string }>;
  /** Gives undefined where there has never been a stack. */
  status(place: StackPlace): Promise<StackDescription | undefined>;
  /** Gives the variables that a shell needs to use a stack. */
  variables(stack: StackDescription): Record<string, string>;
  /** Gives the environment of a shell into which the stack's variables were pasted. */
  environmentOf(stack: StackDescription): Environment;
}
