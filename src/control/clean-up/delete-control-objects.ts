import { forEachAtOnce } from '../../flow/for-each-at-once.js';
import { controlKeys } from '../control-keys.js';
import type { ControlPrefix } from '../control-prefix.js';
import { deleteObject, listKeys } from '../stored-object.js';

// More would only be throttled: each is one request.
const deletesAtOnce = 16;

/**
 * Deletes everything below the control prefix of a migration, and nothing else. The records of its rounds go last, the
 * first round's last of all, so that a deletion that was cut short can be repeated by the same command. Resolves to the
 * number of objects.
 */
export async function deleteControlObjects(
  { control, base }: ControlPrefix,
  { rounds, progress }: { readonly rounds: number; readonly progress: (objects: number) => void },
  signal: AbortSignal,
): Promise<number> {
  const records = Array.from({ length: rounds }, (_, round) => controlKeys.migration(base, round));
  let objects = 0;
  const remove = async (key: string, until: AbortSignal): Promise<void> => {
    await deleteObject(control, key, until);
    objects += 1;
    progress(objects);
  };
  const kept = new Set(records);
  await forEachAtOnce(others(), { atOnce: deletesAtOnce, signal }, remove);
  for (const record of records.reverse()) await remove(record, signal);
  return objects;

  async function* others(): AsyncGenerator<string> {
    for await (const key of listKeys(control, controlKeys.everything(base), signal)) if (!kept.has(key)) yield key;
  }
}
