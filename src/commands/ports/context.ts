import type { DecodePort } from './decode-port.js';
import type { Environment } from '../../env.js';
import type { StackPort } from './stack-port.js';
import type { StorePorts } from './store-ports.js';
import type { TemporalPort } from './temporal-port.js';
import type { TextOutput } from './text-output.js';

/** Everything that a verb may touch. Nothing is connected before a verb asks for it. */
export interface CommandContext {
  readonly environment: Environment;
  readonly out: TextOutput;
  readonly err: TextOutput;
  /** Whether progress is not wanted: standard error is only for warnings and errors. */
  readonly isQuiet?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits. Rejects with the signal's reason when that is aborted. */
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<void>;
  /** Aborted with `Interrupted` by Ctrl-C. */
  readonly signal: AbortSignal;
  /**
   * Asks the user for a line, on standard error. Resolves to undefined where nobody can answer: standard input is not a
   * terminal, or has ended.
   */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly version: string;
  /** What the user types to call this program: `longhaul`, or `npx --no-install longhaul` in a checkout. */
  readonly invocation: string;
  /** Returns the text of an error without the secrets that this process knows. */
  readonly redact: (text: string) => string;
  /**
   * Connects to Temporal as the environment says. Rejects with a `CommandError` of status 6, which names the address,
   * if the server does not answer.
   */
  connectTemporal(environment: Environment): Promise<TemporalPort>;
  readonly stores: StorePorts;
  readonly stack: StackPort;
  readonly decode: DecodePort;
}
