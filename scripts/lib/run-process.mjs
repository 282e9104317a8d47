import { spawn } from 'node:child_process';

/**
 * Runs a program on this terminal and resolves to its exit status, or 1 if a signal ended it.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} [environment] added to the environment of this process
 * @returns {Promise<number>}
 */
export function runProcess(program, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    child.once('error', (cause) => reject(new Error(`Cannot start ${program}: ${cause.message}`, { cause })));
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

/**
 * Formats a duration for people: `0.4 s`, `12 s`, `2 min 05 s`.
 *
 * @param {number} ms
 */
export function formatDuration(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
