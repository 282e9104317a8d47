import { failureClasses } from '../../domain/failure-classes.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';

/**
 * Returns a test for failure classes that begin with a given text, in any case: `Corrupt` means all classes of damaged
 * input. Without a text every class passes. Throws with status 2 if no class begins with it.
 */
export function matchesClass(prefix: string | undefined): (failureClass: string) => boolean {
  if (prefix === undefined) return () => true;
  const wanted = prefix.toLowerCase();
  const matches = (failureClass: string): boolean => failureClass.toLowerCase().startsWith(wanted);
  if (wanted !== '' && Object.keys(failureClasses).some(matches)) return matches;
  throw new CommandError(exitStatus.usage, `No failure class begins with "${prefix}"`, {
    next: `classes: ${Object.keys(failureClasses).join(', ')}`,
  });
}
