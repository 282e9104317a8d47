import { readFileSync } from 'node:fs';

/** A process as `/proc` shows it. Times are in ticks; those of its children cover the ones that it has waited for. */
export interface ProcessState {
  /** It has ended, and nobody has waited for it yet. */
  readonly isZombie: boolean;
  readonly parent: number;
  readonly startTime: string;
  readonly user: number;
  readonly system: number;
  readonly childUser: number;
  readonly childSystem: number;
  readonly residentPages: number;
}

// Linux reports in these units, whatever the kernel's clock rate.
export const ticksPerSecond = 100;
export const pageBytes = 4_096;

/** Returns the state of a process, or undefined if it has ended or belongs to somebody else. */
export function stateOf(pid: number): ProcessState | undefined {
  const stat = readOfProcess(pid, 'stat');
  if (stat === '') return undefined;
  // The name of the program, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  return {
    isZombie: fields[0] === 'Z',
    parent: Number(fields[1]),
    startTime: fields[19] ?? '',
    ...{ user, system, childUser, childSystem },
    residentPages: Number(fields[21]),
  };
}

/** Returns the variables of a process, each between two NULs. */
export function environmentOf(pid: number): string {
  return `\0${readOfProcess(pid, 'environ')}`;
}

/** Returns the program of a process and its arguments; nothing for one that has ended. */
export function commandOf(pid: number): readonly string[] {
  return readOfProcess(pid, 'cmdline').split('\0').slice(0, -1);
}

/** Returns nothing for a process that has ended or belongs to somebody else. */
function readOfProcess(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${String(pid)}/${what}`, 'latin1');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}
