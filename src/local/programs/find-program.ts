import { delimiter, isAbsolute, join } from 'node:path';
import { LocalStackError } from '../failure/local-stack-error.js';
import { messageOf } from '../failure/message-of.js';
import { cachedProgramPath } from './cached-program-path.js';
import { fetchProgram } from './fetch-program.js';
import { isAtLeast } from './is-at-least.js';
import { localPlatform } from './local-platform.js';
import type { ProgramSource } from './program-source.js';
import { programSources } from './program-sources.js';
import { programVersion } from './program-version.js';
import { programFile, type Program } from './program.js';
import { whyNotExecutable } from './why-not-executable.js';

/** What is looked for, and where. `sources` stands in for the network in tests. */
export interface ProgramSearch {
  readonly program: Program;
  readonly explicit: string | undefined;
  readonly cacheDir: string;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly sources?: readonly ProgramSource[];
}

/**
 * Returns the path of a program: the explicit one, else one on PATH at or above the pinned version, else the one in our
 * cache, else a fetched one. Throws `LocalStackError` if the explicit path cannot be run or nothing could be fetched.
 */
export async function findProgram(search: ProgramSearch): Promise<string> {
  const { program, explicit } = search;
  if (explicit !== undefined) return requireExplicit(program, explicit);
  const onPath = await findOnPath(search);
  if (onPath !== undefined) return onPath;
  const platform = localPlatform();
  const cached = programFile(program, cachedProgramPath(search.cacheDir, program, platform));
  if ((await whyNotExecutable(cached)) === undefined) return cached;
  return fetchProgram({ ...search, platform, sources: search.sources ?? programSources(program) });
}

async function requireExplicit(program: Program, path: string): Promise<string> {
  const reason = isAbsolute(path) ? await whyNotExecutable(path) : 'it is not an absolute path';
  if (reason === undefined) return path;
  throw new LocalStackError('usage', `${program.variable} names ${path} as ${program.title}, but ${reason}`, {
    next: `Set it to the path of a program, or unset it: ${program.title} ${program.version} is then found or fetched.`,
  });
}

async function findOnPath({ program, baseEnv, progress }: ProgramSearch): Promise<string | undefined> {
  // Packages are put on PATH as scripts, which may need another Node than ours.
  if (program.distribution.kind === 'packages') return undefined;
  for (const folder of (baseEnv['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program.name);
    if (!isAbsolute(folder) || (await whyNotExecutable(path)) !== undefined) continue;
    try {
      const version = await programVersion(program, path, baseEnv);
      if (isAtLeast(version, program.version)) return path;
      progress(`${path} is version ${version}, below ${program.version}: skipped`);
    } catch (error) {
      progress(`${path} is skipped: ${messageOf(error)}`);
    }
  }
  return undefined;
}
