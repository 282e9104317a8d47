import { definitionDigest } from '../definition/definition-digest.js';
import { describeChanges, type DefinitionChange } from '../definition/describe-changes.js';
import type { MigrationRecord } from '../domain/stored/migration-record.js';

/** How a migration file and its units differ from the round that is staged. */
export interface StagedChanges {
  /** Whether both lead to the same objects, so that the file may be used as it is. */
  readonly safe: boolean;
  /** Empty if nothing differs. */
  readonly differences: readonly DefinitionChange[];
}

/** What is compared with a staged round. Without units, only the definitions are compared. */
export interface ComparedFile extends Pick<MigrationRecord, 'definition'> {
  readonly spooled?: Pick<MigrationRecord, 'unitsDigest' | 'layout'> | undefined;
}

/** Compares a migration file with the newest round that is staged under its name. */
export function stagedChanges(there: MigrationRecord, { definition, spooled }: ComparedFile): StagedChanges {
  const differences = describeChanges(there.definition, definition);
  if (there.definitionDigest !== definitionDigest(definition)) return { safe: false, differences };
  if (spooled === undefined || fileDigest(there) === spooled.unitsDigest) return { safe: true, differences };
  const after = unitsText({ ...spooled, round: 0 });
  return { safe: false, differences: [{ path: definition.units.from, before: unitsText(there), after }] };
}

type UnitsOfRound = Pick<MigrationRecord, 'fileDigest' | 'unitsDigest' | 'layout' | 'round'>;

/** Returns the digest of the whole units file: the lines of a later round differ from it, or are a part of it. */
const fileDigest = (record: UnitsOfRound): string => record.fileDigest ?? record.unitsDigest;

function unitsText(record: UnitsOfRound): string {
  const digest = `digest ${fileDigest(record).slice(0, 12)}`;
  return record.round === 0 ? `${String(record.layout.units)} units, ${digest}` : digest;
}
