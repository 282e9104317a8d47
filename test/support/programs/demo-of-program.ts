import { execa } from 'execa';
import { freePortBase } from '../servers/free-port-base.js';

/** A way to run `longhaul`: a command, and the arguments before the verb. */
export interface ProgramCommand {
  readonly command: string;
  readonly before: readonly string[];
  /** The working directory: outside any checkout, for a program that must not need one. */
  readonly cwd: string;
}

/** The result of a demo: the parts of the stack that it ran on, and its own document. */
export interface DemoOfProgram {
  readonly parts: readonly { readonly name: string; readonly pid: number | null; readonly alive: boolean }[];
  readonly document: {
    readonly status: { readonly phase: string; readonly units: Readonly<Record<string, number>> };
    readonly verification: { readonly differences: number };
  };
}

/**
 * Starts a local stack with the program, moves and verifies a small demo on it, calls `meanwhile` with the parts of the
 * stack, and stops it. If a step fails, throws with what the program said.
 */
export async function demoOfProgram(
  program: ProgramCommand,
  stateDir: string,
  meanwhile: (parts: DemoOfProgram['parts']) => Promise<void> = () => Promise.resolve(),
): Promise<DemoOfProgram> {
  const place = ['--state-dir', stateDir];
  const ports = ['--port-base', String(await freePortBase())];
  try {
    await run(program, ['dev', 'up', ...place, ...ports]);
    const { parts } = JSON.parse(await run(program, ['dev', 'status', ...place, '--json'])) as DemoOfProgram;
    await meanwhile(parts);
    const demo = await run(program, ['demo', '--units', '12', ...place, '--json']);
    return { parts, document: JSON.parse(demo) as DemoOfProgram['document'] };
  } finally {
    await run(program, ['dev', 'down', ...place, '--wipe']);
  }
}

async function run({ command, before, cwd }: ProgramCommand, args: readonly string[]): Promise<string> {
  const { stdout } = await execa(command, [...before, ...args], { cwd, stdin: 'ignore' });
  return stdout;
}
