import { cachedProgramPath } from './cached-program-path.js';
import { fetchProgram } from './fetch-program.js';
import { localPlatform } from './local-platform.js';
import { azuriteProgram, temporalProgram, weedProgram } from './pinned-programs.js';
import { programSources } from './program-sources.js';
import { programFile, type Program } from './program.js';
import { whyNotExecutable } from './why-not-executable.js';

/** The path of each program of the local stack. */
export type ProgramPaths = Readonly<Record<Program['name'], string>>;

/**
 * Makes sure that a cache folder holds every program of the stack, fetching those that it lacks, and returns their
 * paths; PATH does not count. For machines without network: fetch into a folder, copy it, and set the programs'
 * variables to what it holds. Throws `LocalStackError`.
 */
export async function fetchPrograms(options: {
  readonly cacheDir: string;
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<ProgramPaths> {
  const platform = localPlatform();
  const ensure = async (program: Program): Promise<string> => {
    const file = programFile(program, cachedProgramPath(options.cacheDir, program, platform));
    if ((await whyNotExecutable(file)) === undefined) return file;
    return fetchProgram({ ...options, program, platform, sources: programSources(program) });
  };
  return {
    temporal: await ensure(temporalProgram),
    azurite: await ensure(azuriteProgram),
    weed: await ensure(weedProgram),
  };
}
