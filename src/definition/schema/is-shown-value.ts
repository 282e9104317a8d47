import type { FieldPath } from '../field-path.js';
import { fieldsAt } from './fields-at.js';
import { migrationSchema } from './migration-schema.js';

/** Fields into which a secret may be pasted by mistake. */
const mayHoldSecret = new Set([
  ...['endpoint', 'credential', 'profile', 'roleArn', 'externalId', 'encryption', 'tags', 'metadata'],
]);

/**
 * Reports whether a message may show the value of a field: a known one, into which nobody would put a secret. The value
 * of an unknown field is never shown, since it may be called `sasToken`.
 */
export function isShownValue(path: FieldPath): boolean {
  for (const [depth, step] of path.entries()) {
    if (typeof step === 'number') continue;
    const parent = path.slice(0, depth);
    // The names of accounts and of variables are the user's own.
    if (parent.join() === 'accounts' || parent.at(-1) === 'each') continue;
    if (mayHoldSecret.has(step) || !fieldsAt(migrationSchema, parent).includes(step)) return false;
  }
  return path.length > 0;
}
