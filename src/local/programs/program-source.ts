import type { LocalPlatform } from '../local-platform.js';
import type { Program } from './program.js';

/** One fetch of one program into an empty folder of its own. */
export interface FetchRequest {
  readonly program: Program;
  readonly platform: LocalPlatform;
  /** Empty, on the file system of the cache, removed afterwards whatever happens. */
  readonly folder: string;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  /** Tells how many bytes have come so far, or only that something has; resets the idle time. */
  readonly seen: (bytes: number) => void;
  /** Aborted when nothing came for too long, or when the user interrupts. */
  readonly signal: AbortSignal;
}

/**
 * Somewhere that a program can be fetched from. `fetch` gives the path, in the folder, of the program; it throws on any failure and stops
 * soon after the signal. It need not check what it fetched beyond its own means: the caller runs it before it counts.
 */
export interface ProgramSource {
  readonly title: string;
  fetch(request: FetchRequest): Promise<string>;
}
