import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalStackError } from '../failure/local-stack-error.js';
import { isAlive, processIdentity, type ProcessRecord } from '../processes/process-identity.js';

/**
 * Takes the lock of a state directory for this process and returns the function that releases it. A lock whose owner
 * has ended is taken over. Throws `LocalStackError` while its owner runs, also if this process is the owner.
 */
export function takeStackLock(stateDir: string): () => void {
  const path = join(stateDir, 'stack.lock');
  const mine = `${JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) ?? 'unknown' })}\n`;
  const written = `${path}.${process.pid}`;
  writeFileSync(written, mine, { mode: 0o600 });
  try {
    // Twice: the lock of a process that ended is moved away once, and whoever holds it after that is alive.
    if (!tryLink(written, path)) {
      putAsideIfStale(path, stateDir);
      if (!tryLink(written, path)) refuse(stateDir, readOwner(path));
    }
  } finally {
    rmSync(written, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** A hard link appears with its content, so a lock is never seen empty. */
function tryLink(written: string, path: string): boolean {
  try {
    linkSync(written, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function putAsideIfStale(path: string, stateDir: string): void {
  const owner = readOwner(path);
  if (owner === undefined) return;
  if (isAlive(owner)) refuse(stateDir, owner);
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Another process may have replaced the stale lock with its own meanwhile: that one is put back.
  const moved = readOwner(aside);
  if (moved !== undefined && moved.identity !== owner.identity) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function readOwner(path: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function refuse(stateDir: string, owner: ProcessRecord | undefined): never {
  const who = owner === undefined ? 'another process' : `process ${owner.pid}`;
  throw new LocalStackError('usage', `The local stack in ${stateDir} is being changed by ${who} at this moment`, {
    next: 'Wait until it has finished, then try again; `longhaul dev status` shows the parts.',
  });
}
