import { existsSync, readFileSync } from 'node:fs';

/** Returns the memory of a process, or a dash if it has just ended. */
export function residentMiB(pid: number | undefined): string {
  return figureOf(pid, 'VmRSS')?.toFixed(0) ?? '-';
}

/** Returns the most memory that a process has had so far. */
export function peakMiB(pid: number): number {
  return figureOf(pid, 'VmHWM') ?? 0;
}

/** In MiB; undefined if the process has ended. */
function figureOf(pid: number | undefined, name: string): number | undefined {
  const path = `/proc/${String(pid)}/status`;
  if (!existsSync(path)) return undefined;
  const [, kilobytes = '0'] = new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(path, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
