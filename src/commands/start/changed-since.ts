import { type DefinitionChange, formatChange } from '../../definition/describe-changes.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import type { CommandContext } from '../ports/context.js';
import { shellWord } from '../screen/shell-word.js';

/** Returns a line for each difference between a migration file and what is staged under its name. */
export function changeLines(differences: readonly DefinitionChange[]): readonly string[] {
  return differences.map((change) => `  ${formatChange(change)}`);
}

/** Returns what to do where `start` refuses a migration file because another definition or other units are staged. */
export function changedStep(
  { invocation }: Pick<CommandContext, 'invocation'>,
  { path }: Pick<MigrationFile, 'path'>,
): string {
  const file = shellWord(path);
  return (
    `undo the change (then \`${invocation} resume ${file}\` continues it), or wait for its end and ` +
    `begin the next round with \`${invocation} start ${file} --again\`, ` +
    'or give the file another `name` to make it another migration'
  );
}
