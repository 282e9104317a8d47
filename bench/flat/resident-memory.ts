import { existsSync, readFileSync } from 'node:fs';

/** Returns the memory of a process, or a dash if it has just ended. */
export function residentMiB(pid: number | undefined): string {
  const path = `/proc/${String(pid)}/status`;
  if (!existsSync(path)) return '-';
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8')) ?? [];
  return (Number(kilobytes) / 1024).toFixed(0);
}
