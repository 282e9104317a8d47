import envPaths from 'env-paths';
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A program that is built from its source with Go, whose module proxy and checksum database vouch for what it is. */
export interface GoProgram {
  readonly name: string;
  /** As `go install` takes it. */
  readonly package: string;
  readonly version: string;
}

/**
 * Two of the largest take four minutes on two cores, and promtool nine; on two busy cores it took 47. Only a build that
 * hangs takes longer than this.
 */
export const goBuildTimeoutMs = 100 * 60_000;
const tellEveryMs = 60_000;

/** Returns the path of the program, which is built into Longhaul's cache if it is not there yet. Needs `go`. */
export async function goProgram({ name, package: path, version }: GoProgram): Promise<string> {
  const folder = join(envPaths('longhaul', { suffix: '' }).cache, 'go', `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  const beganMs = performance.now();
  const tell = (): void => {
    const minutes = Math.round((performance.now() - beganMs) / 60_000);
    console.error(`Building ${name} ${version}${minutes === 0 ? '' : `, since ${String(minutes)} min`} …`);
  };
  tell();
  const telling = setInterval(tell, tellEveryMs);
  try {
    await execa('go', ['install', `${path}@${version}`], { env: { GOBIN: folder }, timeout: goBuildTimeoutMs });
  } finally {
    clearInterval(telling);
  }
  return program;
}
