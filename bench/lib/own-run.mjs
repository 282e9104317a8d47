import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

// Every process that a benchmark starts inherits it, even one that outlives its parent.
const mark = 'LONGHAUL_BENCH_RUN';
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Gives the temporary files of this process and of all that it starts a folder of their own, which is removed at its
 * end. Whatever it has started ends with it, also after an error or a signal. Needs `/proc`; elsewhere only this
 * process ends.
 */
export function ownRun() {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  process.env['TMPDIR'] = folder;
  process.env[mark] = folder;
  // The SDK would print it once for each process, and it says nothing about Longhaul.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  process.on('exit', () => {
    killMarked(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of signals)
    process.on(signal, () => {
      process.stderr.write(`\n${signal}: ends everything that was started\n`);
      // Nothing else of this program runs from here on, so nothing is started, and no process that ends now is taken
      // for a failure.
      process.exit(128 + constants.signals[signal]);
    });
}

/** @param {string} folder */
function killMarked(folder) {
  for (let pids = markedPids(folder); pids.length > 0; pids = markedPids(folder)) {
    for (const pid of pids) killUnlessEnded(pid);
    // A kill takes effect a little after it is sent.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

/** @param {string} folder */
function markedPids(folder) {
  const pids = entriesOf('/proc').filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  return pids.filter((pid) => environmentOf(pid).includes(`\0${mark}=${folder}\0`)).map(Number);
}

/** @param {string} path */
function entriesOf(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Returns nothing for a process that has ended or belongs to somebody else. @param {string} pid */
function environmentOf(pid) {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error))) return '';
    throw error;
  }
}

/** @param {number} pid */
function killUnlessEnded(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
