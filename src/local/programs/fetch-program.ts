import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LocalStackError } from '../failure/local-stack-error.js';
import { messageOf } from '../failure/message-of.js';
import { cachedProgramPath } from './cached-program-path.js';
import { isAtLeast } from './is-at-least.js';
import type { LocalPlatform } from './local-platform.js';
import type { ProgramSource } from './program-source.js';
import { programVersion } from './program-version.js';
import { programFile, type Program } from './program.js';
import { requirePinnedHash } from './require-pinned-hash.js';
import { watchIdle } from './watch-idle.js';

/** What is fetched, from where, and into which cache. `idleMs` is how long a source may send nothing. */
export interface ProgramFetch {
  readonly program: Program;
  readonly platform: LocalPlatform;
  readonly cacheDir: string;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly sources: readonly ProgramSource[];
  readonly idleMs?: number;
}

/**
 * Fetches a program into the cache and returns the file to run. The sources are tried in order; one succeeds if what it
 * delivers has the pinned hash, runs, and reports the pinned version. It is moved into place as a whole, so that an
 * incomplete program is never used, and two fetches may run at once. Throws `LocalStackError` naming every source that
 * was tried, or the signal's reason.
 */
export async function fetchProgram(fetch: ProgramFetch): Promise<string> {
  const { program, progress, signal } = fetch;
  const path = cachedProgramPath(fetch.cacheDir, program, fetch.platform);
  await mkdir(dirname(path), { recursive: true });
  await removeAbandoned(dirname(path));
  const failures: string[] = [];
  for (const source of fetch.sources) {
    progress(`fetching ${program.title} ${program.version} from ${source.title}`);
    try {
      await fetchFrom(source, fetch, path);
      return programFile(program, path);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${source.title}: ${messageOf(error)}`);
      progress(`${program.title} ${program.version} could not be fetched from ${source.title}: ${messageOf(error)}`);
    }
  }
  throw new LocalStackError(
    'unreachable',
    `${program.title} ${program.version} is not on this machine and could not be fetched (${failures.join('; ')})`,
    {
      next:
        `Install it yourself and set ${program.variable} to its path, or fetch it on a machine with network ` +
        '(`longhaul dev fetch --to DIR`) and copy it here.',
    },
  );
}

async function fetchFrom(source: ProgramSource, fetch: ProgramFetch, path: string): Promise<void> {
  const { program, platform, baseEnv } = fetch;
  const folder = await mkdtemp(`${path}.partial-`);
  const watch = watchIdle({
    idleMs: fetch.idleMs ?? 15_000,
    label: `${program.title} ${program.version}`,
    progress: fetch.progress,
    signal: fetch.signal,
  });
  try {
    const fetched = await source.fetch({ program, platform, folder, baseEnv, seen: watch.seen, signal: watch.signal });
    watch.signal.throwIfAborted();
    await requirePinnedHash(program, platform, fetched);
    const file = programFile(program, fetched);
    await chmod(file, 0o755);
    const version = await programVersion(program, file, baseEnv);
    if (!isAtLeast(version, program.version)) throw new Error(`it delivered version ${version}`);
    await moveIntoPlace(fetched, path);
  } catch (error) {
    // What our own watch cut short fails with an error of its own; the watch knows the reason.
    watch.signal.throwIfAborted();
    throw error;
  } finally {
    watch.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function moveIntoPlace(fetched: string, path: string): Promise<void> {
  try {
    await rename(fetched, path);
  } catch (error) {
    // Another fetch was faster; a file would have been replaced, a folder is not. What is in place is complete.
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/** Removes the folders of fetches that were killed, each up to about 200 MB. No fetch in progress takes an hour. */
async function removeAbandoned(folder: string): Promise<void> {
  const hourMs = 3_600_000;
  for (const name of await readdir(folder)) {
    if (!name.includes('.partial-')) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > hourMs) await rm(path, { recursive: true, force: true });
  }
}
