import { execa } from 'execa';

const program = new URL('../../../dist/client.js', import.meta.url).pathname;

/** How a run of the built program `longhaul` ended. */
export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program to its end. Any exit status is returned. */
export async function runLonghaul(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  cwd?: string,
): Promise<ProgramRun> {
  const { exitCode, stdout, stderr } = await startLonghaul(args, environment, cwd);
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/**
 * Runs the built program and parses the JSON document it prints; for `watch`, the last one. The caller names its shape.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the shape
export async function runLonghaulJson<T>(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly exitCode: number; readonly document: T; readonly stderr: string }> {
  const { exitCode, stdout, stderr } = await runLonghaul([...args, '--json'], environment);
  const printed = args[0] === 'watch' ? stdout.trimEnd().split('\n').at(-1) : stdout;
  try {
    return { exitCode, document: JSON.parse(printed ?? '') as T, stderr };
  } catch {
    throw new Error(
      `longhaul ${args.join(' ')} --json ended with ${String(exitCode)} and printed no JSON:\n${stdout}\n${stderr}`,
    );
  }
}

/** Starts the built program. The promise resolves with how it ended, whatever the status. */
export function startLonghaul(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
  cwd?: string,
) {
  return execa(process.execPath, [program, ...args], {
    reject: false,
    env: environment,
    stdin: 'ignore',
    ...(cwd === undefined ? {} : { cwd }),
  });
}
