import type { ControlStore } from '../../control/control-store.js';
import type { StagedRound } from '../../control/newest-round.js';
import { controlBase, type ControlAddress, type SummaryRecord } from '../../domain/stored/migration-record.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import type { CommandContext } from '../ports/context.js';
import type { RootDescription, TemporalPort } from '../ports/temporal-port.js';
import { findRoot, unknownMigration } from './find-root.js';
import type { NamedMigration } from './named-migration.js';

/** A migration whose control prefix is open. */
export interface FoundRound extends NamedMigration {
  readonly control: ControlStore;
  /** Prefix of the keys of its control objects. */
  readonly base: string;
  /** Its newest round. */
  readonly staged: StagedRound;
  /** What Temporal knows about it. */
  readonly root: RootDescription | undefined;
}

/**
 * Finds the newest round of a migration. For NAME, Temporal says where its control prefix is; for FILE, Temporal need
 * not know the migration. Rejects with status 5 if there is none.
 */
export async function findRound(
  context: CommandContext,
  temporal: TemporalPort,
  named: NamedMigration,
): Promise<FoundRound> {
  const { name, file } = named;
  const root = await findRoot(temporal, named);
  const target = file?.definition.target ?? targetOf(await knownAddress(temporal, name));
  const control = await context.stores.openControl({ target }, context.environment);
  const base = controlBase({ prefix: target.control.prefix, name });
  const { readNewestRound } = await import('../../control/newest-round.js');
  const staged = await readNewestRound({ control, base }, context.signal);
  if (staged !== undefined) return { name, file, control, base, staged, root };
  throw notStarted(name, target.control, `\`${context.invocation} start FILE\``);
}

/** Returns the summary of a closed round. Rejects with status 2 while it is open, because rounds do not overlap. */
export function refuseOpen(name: string, { summary, record }: StagedRound): SummaryRecord {
  if (summary !== undefined) return summary;
  throw new CommandError(exitStatus.usage, `Round ${String(record.round)} of the migration ${name} is still open`, {
    next: `wait for its end (\`longhaul watch ${name}\`), or continue it: \`longhaul resume ${name}\``,
  });
}

/** The error of a migration of which nothing is staged. */
export function notStarted(
  name: string,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  startLine: string,
): CommandError {
  return new CommandError(
    exitStatus.noSuchMigration,
    `The migration ${name} has not been started: there is nothing of it in s3://${bucket}/${prefix}`,
    { next: `start it: ${startLine}` },
  );
}

async function knownAddress(temporal: TemporalPort, name: string): Promise<ControlAddress> {
  const address = await temporal.controlAddress(name);
  if (address !== undefined) return address;
  throw unknownMigration(temporal, name, 'give its migration file instead, which says where its control prefix is');
}

function targetOf({ bucket, prefix, s3 }: ControlAddress) {
  return { ...s3, control: { bucket, prefix } };
}
