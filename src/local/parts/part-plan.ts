import type { PortNeed } from '../ports/require-free-ports.js';
import type { Program } from '../programs/program.js';
import type { Launch } from '../processes/start-process.js';
import type { PartName } from '../state/stack-state.js';

/** How one part is started, set up and proven; made anew by each `up` from options and state. */
export interface PartPlan {
  readonly name: PartName;
  /** What it needs to listen on; looked at only before it is started. */
  readonly ports: readonly PortNeed[];
  readonly readyWithinMs: number;
  /** The program to look for and perhaps fetch; absent where `launch` knows its own. */
  readonly program?: { readonly wanted: Program; readonly explicit: string | undefined };
  /** What would make a running process out of date, as a digest; absent where a running one is always kept. */
  readonly fingerprint?: string;
  /** Says how to run it, and writes the configuration that it reads. */
  launch(programPath: string): Launch;
  /** Sets up, once after each start, what cannot be said by arguments. Tried again, so it may be done twice; throws while not ready. */
  settle?(programPath: string, signal: AbortSignal): Promise<void>;
  /** A real write and read back, injected; throws while not ready. */
  probe(): Promise<void>;
}

/** How long each part may take to end by itself before it is killed. */
export const endGraceMs: Readonly<Record<PartName, number>> = {
  // Measured: 1 to 3 s.
  temporal: 10_000,
  // It writes its tables when it ends; they are lost otherwise.
  azurite: 10_000,
  // It waits 12 s for an inner client that never answers; what it has acknowledged survives being killed.
  s3: 2_000,
  // A worker drains its slices for up to 60 s.
  workers: 65_000,
};
