import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { LocalPlatform } from './local-platform.js';
import type { Program } from './program.js';

/**
 * Throws unless a fetched program is, byte for byte, the one that is pinned for the platform. Packages have been
 * checked already: npm compares each with the hash in the lock before it unpacks it.
 */
export async function requirePinnedHash(
  { distribution }: Program,
  platform: LocalPlatform,
  fetched: string,
): Promise<void> {
  if (distribution.kind === 'packages') return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(fetched), hash);
  const sha256 = hash.digest('hex');
  const pinned = distribution.sha256[platform];
  if (sha256 !== pinned) throw new Error(`its SHA-256 is ${sha256}, not ${pinned}; it was not run`);
}
