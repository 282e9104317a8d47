import { execa } from 'execa';
import type { Program } from './program.js';

/**
 * Runs a program and returns the version that it prints. Throws if it cannot be run, takes over 20 s, or prints none.
 */
export async function programVersion(
  program: Program,
  path: string,
  baseEnv: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  // Packages run on the Node that runs this, which need not be on PATH.
  const [command, before] = program.distribution.kind === 'packages' ? [process.execPath, [path]] : [path, []];
  const { stdout, stderr } = await execa(command, [...before, ...program.versionArgs], {
    env: baseEnv,
    extendEnv: false,
    timeout: 20_000,
  });
  const version = program.versionPattern.exec(`${stdout}\n${stderr}`)?.[1];
  if (version === undefined) throw new Error(`${path} ${program.versionArgs.join(' ')} prints no version`);
  return version;
}
