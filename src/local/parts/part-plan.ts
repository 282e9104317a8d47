import type { PortNeed } from '../ports/require-free-ports.js';
import type { Program } from '../programs/program.js';
import type { Launch } from '../processes/start-process.js';
import type { PartName } from '../state/stack-state.js';

/** How one part is started, set up and probed. Each `up` makes it from options and state. */
export interface PartPlan {
  readonly name: PartName;
  /** The ports that it listens on; checked only before it is started. */
  readonly ports: readonly PortNeed[];
  readonly readyWithinMs: number;
  /** The program to find or fetch; absent if `launch` knows its own. */
  readonly program?: { readonly wanted: Program; readonly explicit: string | undefined };
  /** A digest of what makes a running process out of date when it changes; absent if a running one is always kept. */
  readonly fingerprint?: string;
  /** Returns how to run it, and writes the configuration that it reads. */
  launch(programPath: string): Launch;
  /**
   * Sets up, after each start, what arguments cannot. It is retried, so it may run more than once; throws while the
   * part is not ready.
   */
  settle?(programPath: string, signal: AbortSignal): Promise<void>;
  /** Writes something and reads it back; throws while the part is not ready. */
  probe(): Promise<void>;
}

/** How long each part may take to end before it is killed. */
export const endGraceMs: Readonly<Record<PartName, number>> = {
  // Measured: 1 to 3 s.
  temporal: 10_000,
  // It saves its tables when it ends; they would be lost otherwise.
  azurite: 10_000,
  // It waits 12 s for an inner client that never answers. What it has acknowledged survives a kill.
  s3: 2_000,
  // A worker drains its slices for up to 60 s.
  workers: 65_000,
};
