import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { LocalStackError } from '../failure/local-stack-error.js';
import { messageOf } from '../failure/message-of.js';

/**
 * Makes a folder, and those above it, that only its owner can enter; an existing one is made private. It holds
 * credentials and, in the database and the stores, everything that a migration moves. Throws `LocalStackError` if the
 * folder belongs to somebody else.
 */
export function makePrivateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    throw new LocalStackError('usage', `${path} cannot be made a private folder: ${messageOf(error)}`, {
      next: 'Choose another --state-dir, one that belongs to you.',
      cause: error,
    });
  }
}
