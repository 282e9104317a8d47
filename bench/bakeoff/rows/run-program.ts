import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scene } from './row.js';

/** Runs a program to its end, and writes its output to a file. Throws an error with the last lines if it fails. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { folder, environment, cwd = folder }: Pick<Scene, 'folder' | 'environment'> & { readonly cwd?: string },
): Promise<void> {
  const log = join(folder, 'output.log');
  const { exitCode, signal } = await execa(command, args, {
    ...{ cwd, env: environment, extendEnv: false, reject: false, stdin: 'ignore' },
    stdout: { file: log, append: true },
    stderr: { file: log, append: true },
  });
  if (exitCode === 0) return;
  const last = (await readFile(log, 'utf8')).slice(-2_000);
  throw new Error(`${command} ${args.join(' ')} ended with ${String(exitCode ?? signal)}:\n${last}`);
}
