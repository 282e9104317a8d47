import type { LocalPlatform } from './local-platform.js';
import type { Program } from './program.js';

/** One fetch of one program into an empty folder of its own. */
export interface FetchRequest {
  readonly program: Program;
  readonly platform: LocalPlatform;
  /** Empty, on the file system of the cache, and removed afterwards whatever happens. */
  readonly folder: string;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  /** Reports how many bytes have arrived so far, or 0 where only a sign of life is known; restarts the idle time. */
  readonly seen: (bytes: number) => void;
  /** Aborted when nothing arrived for too long, or when the user interrupts. */
  readonly signal: AbortSignal;
}

/**
 * Somewhere that a program can be fetched from. `fetch` returns the path, inside the folder, of the file or of the
 * folder of packages; it throws on any failure and stops soon after the signal. It never runs what it fetched: the
 * caller checks the hash first.
 */
export interface ProgramSource {
  readonly title: string;
  fetch(request: FetchRequest): Promise<string>;
}
