import { forEachAtOnce } from '../../flow/for-each-at-once.js';
import { tryAgain } from '../../flow/try-again.js';
import type { ControlPrefix } from '../control-prefix.js';
import { type LeftUpload, readLeftUpload } from './left-upload.js';
import { listKeys } from '../stored-object.js';

/** Aborts one upload. May be repeated; an upload that no longer exists is not a failure. */
export type AbortUpload = (key: string, uploadId: string, signal: AbortSignal) => Promise<void>;

// Each is a read, an abort or two and perhaps a delete; more at once would only be throttled.
const checkpointsAtOnce = 8;

/**
 * Aborts the uploads that the checkpoints below a prefix name, and hands each checkpoint over once its uploads are
 * gone. Resolves to the number of uploads. May be repeated.
 */
export async function abortLeftUploads(
  place: ControlPrefix,
  { prefix, abortUpload }: { readonly prefix: string; readonly abortUpload: AbortUpload },
  signal: AbortSignal,
  aborted: (checkpointKey: string, upload: LeftUpload, signal: AbortSignal) => Promise<void>,
): Promise<number> {
  let uploads = 0;
  const checkpoints = listKeys(place.control, prefix, signal);
  await forEachAtOnce(checkpoints, { atOnce: checkpointsAtOnce, signal }, async (key, until) => {
    const upload = await readLeftUpload(place, key, until);
    if (upload === undefined) return;
    for (const id of upload.uploadIds) await tryAgain(() => abortUpload(upload.key, id, until), until);
    uploads += upload.uploadIds.length;
    await aborted(key, upload, until);
  });
  return uploads;
}
