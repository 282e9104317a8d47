import { randomUUID } from 'node:crypto';
import { controlKeys } from '../../control/control-keys.js';
import type { ControlPrefix } from '../../control/control-prefix.js';
import type { ControlStore } from '../../control/control-store.js';
import { readCheckNote, writeCheckNote, type CheckUpload } from '../../control/check-note.js';
import { deleteObject, listKeys } from '../../control/stored-object.js';
import { Failure } from '../../domain/failure.js';
import { tryAgain } from '../../flow/try-again.js';
import { forwardingTarget } from '../../pipeline/publish/forwarding-target.js';
import type { ObjectTarget } from '../../pipeline/publish/object-target.js';

/** The targets that a check opens uploads at: those of the control bucket, and those of target objects. */
export type TrailTargets = Readonly<Record<CheckUpload['at'], Pick<ObjectTarget, 'abortUpload'>>>;

/** What one check leaves while it runs, and how it is removed again. */
export interface CheckTrail {
  /** All objects of the check are below it. */
  readonly base: string;
  /** Returns a target whose uploads are noted in the trail before anything is sent, for a later check to find them. */
  noting(at: CheckUpload['at'], target: ObjectTarget): ObjectTarget;
  /** Aborts the uploads and deletes the objects of the check, this note last. */
  remove(signal: AbortSignal): Promise<void>;
}

/** Begins the trail of a check. Makes no request. */
export function openCheckTrail(place: ControlPrefix, targets: TrailTargets, nowMs: number): CheckTrail {
  const base = controlKeys.check(place.base, `${String(nowMs)}-${randomUUID()}`);
  const uploads: CheckUpload[] = [];
  let noted: Promise<void> = Promise.resolve();
  return {
    base,
    noting: (at, target) => ({
      ...forwardingTarget(target),
      createUpload: async (key, metadata, signal) => {
        // Not interrupted: an upload whose id is not known could not be aborted.
        const { uploadId } = await target.createUpload(key, metadata, AbortSignal.timeout(createPatienceMs));
        uploads.push({ at, key, uploadId });
        // One write after the other, so that the newest note is the longest.
        noted = noted.then(() => writeCheckNote(place.control, base, uploads, signal));
        await noted;
        return { uploadId };
      },
    }),
    remove: (signal) => removeTrail({ control: place.control, targets, base, uploads }, signal),
  };
}

const createPatienceMs = 30_000;
// Longer than any check takes.
const abandonedAfterMs = 3_600_000;
// Of checks that were killed. More are left to the next one.
const removedMax = 20;

/** Removes what checks that were killed have left, more than an hour ago. Returns how many. */
export async function removeAbandonedTrails(
  place: ControlPrefix,
  targets: TrailTargets,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const prefix = controlKeys.checks(place.base);
  const tokens = new Set<string>();
  for await (const key of listKeys(place.control, prefix, signal)) {
    const token = key.slice(prefix.length).split('/')[0] ?? '';
    const beganMs = Number(token.split('-')[0]);
    if (beganMs < nowMs - abandonedAfterMs) tokens.add(token);
    if (tokens.size === removedMax) break;
  }
  for (const token of tokens) {
    const base = controlKeys.check(place.base, token);
    const uploads = await notedUploads(place.control, base, signal);
    await removeTrail({ control: place.control, targets, base, uploads }, signal);
  }
  return tokens.size;
}

/**
 * Returns the uploads that an abandoned check had begun. A damaged note names none: perhaps a lifecycle rule ends
 * those, and the rest of the trail must not stay because of them.
 */
async function notedUploads(control: ControlStore, base: string, signal: AbortSignal): Promise<readonly CheckUpload[]> {
  try {
    return (await readCheckNote(control, base, signal))?.uploads ?? [];
  } catch (error) {
    if (error instanceof Failure && error.failureClass === 'LedgerMismatch') return [];
    throw error;
  }
}

async function removeTrail(
  trail: {
    readonly control: ControlStore;
    readonly targets: TrailTargets;
    readonly base: string;
    readonly uploads: readonly CheckUpload[];
  },
  signal: AbortSignal,
): Promise<void> {
  const { control, targets, base, uploads } = trail;
  for (const { at, key, uploadId } of uploads) {
    await tryAgain(() => targets[at].abortUpload(key, uploadId, signal), signal);
  }
  const note = controlKeys.checkNote(base);
  for await (const key of listKeys(control, `${base}/`, signal)) {
    if (key !== note) await deleteObject(control, key, signal);
  }
  await deleteObject(control, note, signal);
}
