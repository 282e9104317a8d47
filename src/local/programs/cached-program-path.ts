import { join } from 'node:path';
import type { LocalPlatform } from '../local-platform.js';
import type { Program } from './program.js';

/** Where a fetched program is kept: `<cacheDir>/programs/temporal-1.9.1-linux-x64`. What lies there is always whole. */
export function cachedProgramPath(cacheDir: string, program: Program, platform: LocalPlatform): string {
  return join(cacheDir, 'programs', `${program.name}-${program.version}-${platform}`);
}
