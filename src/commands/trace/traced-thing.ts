import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';

/** What `trace` looks for. */
export interface TracedThing {
  /** As the user wrote it. */
  readonly text: string;
  /** What the id of a unit, or the key of its object, may be. */
  readonly ids: ReadonlySet<string>;
  /** `account/container/name` of a source blob; undefined if the text cannot name one. */
  readonly blob: string | undefined;
}

/**
 * Reads what to trace: `az://account/container/name`, `s3://bucket/key`, or a text as it stands, which may be the id of
 * a unit, a key, or `account/container/name`. Throws with status 2 for an object of another bucket.
 */
export function tracedThing(text: string, bucket: string): TracedThing {
  if (text.startsWith('az://')) return { text, ids: new Set([text]), blob: text.slice('az://'.length) };
  if (!text.startsWith('s3://'))
    return { text, ids: new Set([text]), blob: text.split('/').length > 2 ? text : undefined };
  const place = `s3://${bucket}/`;
  if (text.startsWith(place)) return { text, ids: new Set([text, text.slice(place.length)]), blob: undefined };
  throw new CommandError(exitStatus.usage, `${text} is not in the target bucket of this migration`, {
    next: `its objects are below ${place}`,
  });
}
