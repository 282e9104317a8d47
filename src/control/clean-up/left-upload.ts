import { z } from 'zod';
import type { ControlPrefix } from '../control-prefix.js';
import { damaged } from '../damage.js';
import { sizeLimits } from '../size-limits.js';
import { readObject } from '../stored-object.js';
import { parseOfAnyFormat } from '../versioned-json.js';

/** What must be known about a checkpoint to clean up after it. */
export interface LeftUpload {
  /** Target key of the uploads. */
  readonly key: string;
  readonly uploadIds: readonly string[];
  /** Whether Complete may have been carried out. */
  readonly isCompleting: boolean;
}

/** Returns what a checkpoint of any format names, because a newer one has these fields too; undefined if it is gone. */
export async function readLeftUpload(
  { control }: Pick<ControlPrefix, 'control'>,
  checkpointKey: string,
  signal: AbortSignal,
): Promise<LeftUpload | undefined> {
  const object = await readObject(control, { key: checkpointKey, maxBytes: sizeLimits.checkpoint }, signal);
  if (object === undefined) return undefined;
  const { success, data, error } = schema.safeParse(parseOfAnyFormat(object.bytes, checkpointKey, kind));
  if (!success) throw damaged(checkpointKey, `it is not ${kind}`, error);
  const { key, uploadId, earlier, completing } = data;
  return { key, uploadIds: [uploadId, ...earlier], isCompleting: completing !== undefined };
}

const kind = 'the checkpoint of an upload';
const schema = z.object({
  key: z.string().min(1),
  uploadId: z.string().min(1),
  earlier: z.array(z.string()).default([]),
  completing: z.unknown().optional(),
});
