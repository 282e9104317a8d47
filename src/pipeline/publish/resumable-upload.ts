import type { FoundCheckpoint } from '../../control/checkpoint.js';
import { tryAgain } from '../../flow/try-again.js';
import type { ObjectTarget } from './object-target.js';

/**
 * Reports whether a unit can be resumed from a checkpoint: it is of the same manifest and encoder, and the store
 * confirms each of its parts. Parts that the store holds beyond those do not matter: they are sent again.
 */
export async function isResumable(
  { checkpoint }: FoundCheckpoint,
  wanted: { readonly key: string; readonly manifest: string; readonly encoder: string },
  target: Pick<ObjectTarget, 'listParts'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { key, manifest, encoder, uploadId, parts } = checkpoint;
  if (key !== wanted.key || manifest !== wanted.manifest || encoder !== wanted.encoder) return false;
  const listed = await tryAgain(() => target.listParts(key, uploadId, signal), signal);
  if (listed === undefined) return false;
  // A part that was sent twice may be listed twice; the ETag says which one counts.
  return parts.every(({ number, etag, bytes }) =>
    listed.some((part) => part.number === number && part.etag === etag && part.bytes === bytes),
  );
}
