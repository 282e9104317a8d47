import { localPlatform } from '../local-platform.js';
import { cachedProgramPath } from './cached-program-path.js';
import { fetchProgram } from './fetch-program.js';
import { programSources } from './program-sources.js';
import { temporalProgram, weedProgram } from './program.js';
import { whyNotExecutable } from './why-not-executable.js';

/**
 * Sees to it that the programs of the stack lie in a cache folder, fetching those that do not, and gives their paths; what is on PATH
 * does not count. For machines without network: fetch into a folder, and let the programs' variables name what lies in it. Throws
 * `LocalStackError`.
 */
export async function fetchPrograms(options: {
  readonly cacheDir: string;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<{ readonly temporal: string; readonly weed: string }> {
  const platform = localPlatform();
  const ensure = async (program: typeof temporalProgram): Promise<string> => {
    const path = cachedProgramPath(options.cacheDir, program, platform);
    if ((await whyNotExecutable(path)) === undefined) return path;
    return fetchProgram({ ...options, program, platform, sources: programSources(program) });
  };
  return { temporal: await ensure(temporalProgram), weed: await ensure(weedProgram) };
}
