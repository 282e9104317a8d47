import type { CommandContext } from './ports/context.js';
import { parseMigrationArgument } from './migration/migration-argument.js';
import type { StatusDocument } from './status/status-document.js';
import { statusOfFile } from './status/find-status.js';
import { statusOfName } from './status-of-name.js';

/** Tells where the migration named by NAME or FILE stands. Rejects with status 5 when there is no such migration. */
export function statusOfArgument(context: CommandContext, text: string): Promise<StatusDocument> {
  const argument = parseMigrationArgument(text);
  return argument.kind === 'name' ? statusOfName(context, argument.name) : statusOfFile(context, argument.path);
}
