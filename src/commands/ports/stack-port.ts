import type { Environment } from '../../env.js';
import type { ProgramPaths } from '../../local/programs/fetch-programs.js';
import type { StackDescription } from '../../local/state/stack-description.js';
import type { StackDown } from '../../local/stack-down.js';
import type { StackUp } from '../../local/stack-up.js';

/** Which local stack. */
export interface StackPlace {
  readonly stateDir: string;
}

/** The local stack as the verbs see it. Errors are `LocalStackError`s. */
export interface StackPort {
  /** Where a stack keeps its state by default. */
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
  /** Fetches the stack's programs into a folder, or else into the cache. Resolves to their absolute paths. */
  fetch(
    request: { readonly dir: string | undefined; readonly progress: (line: string) => void },
    signal: AbortSignal,
  ): Promise<ProgramPaths>;
  /** Resolves to undefined if there has never been a stack. */
  status(place: StackPlace): Promise<StackDescription | undefined>;
  /** Returns the variables that a shell needs to use a stack. */
  variables(stack: StackDescription): Record<string, string>;
  /** Returns the environment of a shell that has the stack's variables. */
  environmentOf(stack: StackDescription): Environment;
}
