import { spawn } from 'node:child_process';

/**
 * Runs a program with this terminal as its own and resolves to its exit status; a signal counts as 1.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} [environment] what it is to have beside the environment of this process
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
