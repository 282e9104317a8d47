import { join } from 'node:path';
import type { LocalPlatform } from './local-platform.js';
import type { Program } from './program.js';

/**
 * Returns where a fetched program is kept: `<cacheDir>/programs/temporal-1.9.1-linux-x64`, or for packages, which suit
 * every platform, the folder `<cacheDir>/programs/azurite-3.35.0`. What is there is always complete.
 */
export function cachedProgramPath(cacheDir: string, program: Program, platform: LocalPlatform): string {
  const suffix = program.distribution.kind === 'packages' ? '' : `-${platform}`;
  return join(cacheDir, 'programs', `${program.name}-${program.version}${suffix}`);
}
