import envPaths from 'env-paths';
import { findProgram } from '../../../src/local/programs/find-program.js';
import type { ProgramSource } from '../../../src/local/programs/program-source.js';
import type { Program } from '../../../src/local/programs/program.js';

/** Finds a program as `dev up` does, or fetches it into Longhaul's cache. */
export function programPath(program: Program, sources?: readonly ProgramSource[]): Promise<string> {
  return findProgram({
    ...(sources !== undefined && { sources }),
    program,
    explicit: process.env[program.variable],
    cacheDir: envPaths('longhaul', { suffix: '' }).cache,
    baseEnv: process.env,
    progress: (line) => console.error(line),
    signal: new AbortController().signal,
  });
}
