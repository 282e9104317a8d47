import { execa } from 'execa';
import type { Program } from './program.js';

/** Runs a program and gives the version that it tells. Throws where it cannot be run, takes over 20 s, or tells none. */
export async function programVersion(
  program: Program,
  path: string,
  baseEnv: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { stdout, stderr } = await execa(path, program.versionArgs, {
    env: baseEnv,
    extendEnv: false,
    timeout: 20_000,
  });
  const version = program.versionPattern.exec(`${stdout}\n${stderr}`)?.[1];
  if (version === undefined) throw new Error(`${path} ${program.versionArgs.join(' ')} tells no version`);
  return version;
}
