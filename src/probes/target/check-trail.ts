import { randomUUID } from 'node:crypto';
import { controlKeys } from '../../control/control-keys.js';
import type { ControlPrefix } from '../../control/control-prefix.js';
import type { ControlStore } from '../../control/control-store.js';
import { deleteObject, listKeys, overwriteObject, readObject } from '../../control/stored-object.js';
import { tryAgain } from '../../flow/try-again.js';
import type { ObjectTarget } from '../../pipeline/publish/object-target.js';

/** The targets that a check opens uploads at: those of the control bucket, and those of target objects. */
export type TrailTargets = Readonly<Record<TrailPlace, Pick<ObjectTarget, 'abortUpload'>>>;

type TrailPlace = 'control' | 'objects';

interface TrailUpload {
  readonly at: TrailPlace;
  readonly key: string;
  readonly uploadId: string;
}

/** What one check leaves while it runs, and how it is removed again. */
export interface CheckTrail {
  /** All objects of the check are below it. */
  readonly base: string;
  /** Returns a target whose uploads are noted in the trail before anything is sent, for a later check to find them. */
  noting(at: TrailPlace, target: ObjectTarget): ObjectTarget;
  /** Aborts the uploads and deletes the objects of the check, this note last. */
  remove(signal: AbortSignal): Promise<void>;
}

/** Begins the trail of a check. Makes no request. */
export function openCheckTrail(place: ControlPrefix, targets: TrailTargets, nowMs: number): CheckTrail {
  const base = controlKeys.check(place.base, `${String(nowMs)}-${randomUUID()}`);
  const uploads: TrailUpload[] = [];
  let noted: Promise<void> = Promise.resolve();
  return {
    base,
    noting: (at, target) => ({
      head: (...request) => target.head(...request),
      put: (...request) => target.put(...request),
      uploadPart: (...request) => target.uploadPart(...request),
      listParts: (...request) => target.listParts(...request),
      completeUpload: (...request) => target.completeUpload(...request),
      abortUpload: (...request) => target.abortUpload(...request),
      tags: (...request) => target.tags(...request),
      listPage: (...request) => target.listPage(...request),
      get: (...request) => target.get(...request),
      createUpload: async (key, metadata, signal) => {
        // Not interrupted: an upload whose id is not known could not be aborted.
        const { uploadId } = await target.createUpload(key, metadata, AbortSignal.timeout(createPatienceMs));
        uploads.push({ at, key, uploadId });
        // One write after the other, so that the newest note is the longest.
        noted = noted.then(() => writeNote(place.control, base, uploads, signal));
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
    const uploads = await readNote(place.control, base, signal);
    await removeTrail({ control: place.control, targets, base, uploads }, signal);
  }
  return tokens.size;
}

const noteKey = (base: string): string => `${base}/uploads.json`;
const noteBytesMax = 100_000;

function writeNote(
  control: ControlStore,
  base: string,
  uploads: readonly TrailUpload[],
  signal: AbortSignal,
): Promise<void> {
  return overwriteObject(control, { key: noteKey(base), bytes: Buffer.from(JSON.stringify(uploads)) }, signal);
}

async function readNote(control: ControlStore, base: string, signal: AbortSignal): Promise<readonly TrailUpload[]> {
  const note = await readObject(control, { key: noteKey(base), maxBytes: noteBytesMax }, signal);
  return note === undefined ? [] : (JSON.parse(Buffer.from(note.bytes).toString('utf8')) as readonly TrailUpload[]);
}

async function removeTrail(
  trail: {
    readonly control: ControlStore;
    readonly targets: TrailTargets;
    readonly base: string;
    readonly uploads: readonly TrailUpload[];
  },
  signal: AbortSignal,
): Promise<void> {
  const { control, targets, base, uploads } = trail;
  for (const { at, key, uploadId } of uploads) {
    await tryAgain(() => targets[at].abortUpload(key, uploadId, signal), signal);
  }
  const note = noteKey(base);
  for await (const key of listKeys(control, `${base}/`, signal)) {
    if (key !== note) await deleteObject(control, key, signal);
  }
  if (uploads.length > 0) await deleteObject(control, note, signal);
}
