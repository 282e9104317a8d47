import { execa } from 'execa';
import { messageOf } from '../failure/message-of.js';
import { folderBytes } from './folder-bytes.js';
import type { FetchRequest } from './program-source.js';

/** A package manager that installs into the folder of a fetch. */
export interface Installer {
  /** Its name for the user. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Looking through many small files costs more than looking at one large file. */
  readonly lookEveryMs: number;
  /** Turns its standard error into one line for the user. */
  readonly reasonIn: (standardError: string) => string | undefined;
}

/**
 * Runs a package manager to its end. What it prints and what it adds to the folder are its signs of life. Throws the
 * reason in one line.
 */
export async function runInstaller(
  { title, command, args, cwd, env, lookEveryMs, reasonIn }: Installer,
  { folder, baseEnv, seen, signal }: FetchRequest,
): Promise<void> {
  const child = execa(command, args, {
    cwd,
    env: { ...baseEnv, ...env },
    extendEnv: false,
    cancelSignal: signal,
    // Enough for every line of a log that is only searched for its reason; more ends the installer.
    maxBuffer: 4_000_000,
  });
  // It reports no bytes unless it writes to a terminal, so the growth of the folder is measured.
  let lastBytes = 0;
  const poll = setInterval(() => {
    folderBytes(folder).then(
      (bytes) => {
        if (bytes !== lastBytes) seen(bytes);
        lastBytes = bytes;
      },
      (error: unknown) => child.kill(error instanceof Error ? error : new Error(messageOf(error))),
    );
  }, lookEveryMs);
  for (const output of [child.stdout, child.stderr]) output.on('data', () => seen(lastBytes));
  try {
    await child;
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: string };
    const reason = code === 'ENOENT' ? `${title} is not installed` : (reasonIn(stderr ?? '') ?? messageOf(error));
    throw new Error(reason, { cause: error });
  } finally {
    clearInterval(poll);
  }
}
