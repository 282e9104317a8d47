import { z } from 'zod';
import { controlKeys } from './control-keys.js';
import type { ControlStore } from './control-store.js';
import { sizeLimits } from './size-limits.js';
import { overwriteObject, readObject } from './stored-object.js';
import { formatSchema, versionedJson } from './versioned-json.js';

/** What `check` notes before it sends anything, so that a later one can remove what it has left. */
export interface CheckNote {
  readonly format: 1;
  readonly uploads: readonly CheckUpload[];
}

/** An upload that a check has begun: in the bucket of the control objects, or in that of target objects. */
export interface CheckUpload {
  readonly at: 'control' | 'objects';
  readonly key: string;
  readonly uploadId: string;
}

/** Returns the note of a check, whose objects are all below `check`; undefined if there is none. */
export async function readCheckNote(
  control: ControlStore,
  check: string,
  signal: AbortSignal,
): Promise<CheckNote | undefined> {
  const key = controlKeys.checkNote(check);
  const object = await readObject(control, { key, maxBytes: sizeLimits.checkNote }, signal);
  return object && checkNoteJson.parse(object.bytes, key);
}

/** Writes the note of a check. It replaces the one before. */
export async function writeCheckNote(
  control: ControlStore,
  check: string,
  uploads: readonly CheckUpload[],
  signal: AbortSignal,
): Promise<void> {
  const bytes = checkNoteJson.bytes({ format: 1, uploads });
  await overwriteObject(control, { key: controlKeys.checkNote(check), bytes }, signal);
}

/** The form in which the note of a check is stored. */
export const checkNoteJson = versionedJson<CheckNote>(
  'the note of a check',
  z.looseObject({
    format: formatSchema,
    uploads: z.array(z.looseObject({ at: z.enum(['control', 'objects']), key: z.string(), uploadId: z.string() })),
  }),
);
