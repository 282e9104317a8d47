import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalPlatform } from '../local-platform.js';
import { LocalStackError } from '../local-stack-error.js';
import { messageOf } from '../message-of.js';
import { cachedProgramPath } from './cached-program-path.js';
import { isAtLeast } from './is-at-least.js';
import type { ProgramSource } from './program-source.js';
import { programVersion } from './program-version.js';
import type { Program } from './program.js';
import { watchIdle } from './watch-idle.js';

/** What is fetched, from where, and into which cache. `idleMs` is how long a source may give nothing. */
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
 * Fetches a program into the cache from the first source that gives one which runs and tells the pinned version, or a later one. It is
 * moved to its place as a whole, so that half a program is never taken for one; two fetches at once do no harm. Throws
 * `LocalStackError` naming every source that was tried, and the signal's reason.
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
      return path;
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
        `Install it yourself and let ${program.variable} name it, or fetch it on a machine with network ` +
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
    await chmod(fetched, 0o755);
    const version = await programVersion(program, fetched, baseEnv);
    if (!isAtLeast(version, program.version)) throw new Error(`it gave version ${version}`);
    await rename(fetched, path);
  } catch (error) {
    // What was cut short by our own watch fails in its own words; the watch knows better.
    watch.signal.throwIfAborted();
    throw error;
  } finally {
    watch.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folders of fetches that were killed, each up to some 200 MB; an hour is far longer than any fetch in progress. */
async function removeAbandoned(folder: string): Promise<void> {
  const hourMs = 3_600_000;
  for (const name of await readdir(folder)) {
    if (!name.includes('.partial-')) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > hourMs) await rm(path, { recursive: true, force: true });
  }
}
