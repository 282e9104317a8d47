import { readNewestRound } from '../../control/newest-round.js';
import { toFailure } from '../../domain/failure.js';
import type { Probe } from '../../domain/probe.js';
import { controlBase, type MigrationRecord } from '../../domain/stored/migration-record.js';
import { stagedChanges } from '../../staging/staged-changes.js';
import type { MigrationFile } from '../migration/read-migration-file.js';
import type { CommandContext } from '../ports/context.js';
import { changedStep, changeLines } from '../start/changed-since.js';
import type { CheckedUnits } from './check-units.js';

// In this time a request can be tried again a few times.
const timeoutMs = 60_000;

/**
 * Compares the file and its units with what is staged under its name. Fails where `start` would refuse them, or could
 * not read what is there. It is unchecked if the store does not answer: the probes of the target say why.
 */
export async function checkStaged(
  context: Pick<CommandContext, 'stores' | 'environment' | 'signal' | 'invocation'>,
  file: Pick<MigrationFile, 'definition' | 'path'>,
  { spooled }: Pick<CheckedUnits, 'spooled'>,
): Promise<Probe> {
  const { definition } = file;
  const { name, target } = definition;
  const about = { id: 'file/staged', what: `what is staged as ${name}` };
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const control = await context.stores.openControl(definition, context.environment);
    const base = controlBase({ prefix: target.control.prefix, name });
    const staged = await readNewestRound({ control, base }, AbortSignal.any([context.signal, limit]));
    if (staged === undefined) return { ...about, verdict: 'ok', message: 'nothing yet' };
    const { safe, differences } = stagedChanges(staged.record, { definition, spooled });
    const message = [stagedText(staged.record, safe, differences.length), ...changeLines(differences)].join('\n');
    if (safe) return { ...about, verdict: 'ok', message };
    return { ...about, verdict: 'failed', message, fix: changedStep(context, file), class: 'ConfigError/Changed' };
  } catch (error) {
    context.signal.throwIfAborted();
    if (limit.aborted) return { ...about, verdict: 'unchecked', message: 'the control prefix did not answer in time' };
    const { message, failureClass, row } = toFailure(error);
    if (failureClass === 'Unexpected') throw error;
    if (row.scope !== 'migration') return { ...about, verdict: 'unchecked', message, fix: row.hint };
    return { ...about, verdict: 'failed', message, fix: row.hint, class: failureClass };
  }
}

function stagedText({ round }: MigrationRecord, safe: boolean, differences: number): string {
  const of = round === 0 ? '' : ` (round ${String(round)})`;
  if (!safe) return `another definition or other units${of}, so that start refuses this file:`;
  return differences === 0 ? `this migration${of}` : `this migration${of}, which continues with these changes:`;
}
