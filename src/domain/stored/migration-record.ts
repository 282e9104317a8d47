import type { ControlPlace, Definition, S3Connection } from '../definition.js';
import { migrationOf } from '../ids.js';
import type { Layout } from '../layout.js';
import type { RunCounts, Tally } from '../figures/tally.js';
import type { UnitFigures } from '../figures/unit-figures.js';
import type { VerificationScope } from './verification-records.js';

/** Format version of all JSON records and of a ledger's first line. Readers accept this format and every older one. */
export const controlFormat = 1;

/** `migration.json` of a round: written last by `start`, with `If-None-Match: *`, which commits the staging. */
export interface MigrationRecord {
  readonly format: number;
  readonly name: string;
  /**
   * Random, made with round 0 and kept by every later one: it tells two migrations of one name apart, even after a
   * control prefix was lost. Absent in the records of older versions, whose objects name no id either.
   */
  readonly id?: string;
  readonly round: number;
  readonly definition: Definition;
  /** SHA-256, hex, of the definition's identity as canonical JSON. */
  readonly definitionDigest: string;
  /** SHA-256, hex, of all staged lines in order. */
  readonly unitsDigest: string;
  /** In later rounds and plans: what {@link unitsDigest} would be in round 0 for the same units file. */
  readonly fileDigest?: string;
  /** In later rounds: the figures of all earlier rounds, merged. `total` also counts the units that this round adds. */
  readonly before?: UnitFigures;
  /** Set where the units are only planned, and nothing is moved. */
  readonly plan?: PlanSample;
  /** Set where the objects of a migration are only compared with its receipts. */
  readonly verify?: VerificationScope;
  readonly layout: Layout;
  /** The version of Longhaul that staged it. */
  readonly version: string;
  readonly stagedAt: string;
}

/** Which units of a units file a plan looks at. All of them, or a sample that the seed decides. */
export interface PlanSample {
  /** Units of the file. The layout counts those that are looked at. */
  readonly of: number;
  readonly seed: number;
  /** Whether the containers are listed too, to find the blobs that no unit claims. */
  readonly unclaimed?: true;
}

/** `owner.json`: which root run may write. A higher epoch fences every lower one. */
export interface OwnerRecord {
  readonly format: number;
  readonly epoch: number;
  readonly cluster: string;
  readonly namespace: string;
  readonly rootRunId: string;
}

/** `summary.json`: written by `finish`; a round that has one is closed. */
export interface SummaryRecord {
  readonly format: number;
  readonly name: string;
  readonly round: number;
  readonly total: number;
  readonly tally: Tally;
  /** In later rounds: this and all rounds before, merged. */
  readonly overall?: UnitFigures;
  readonly phase: 'completed' | 'completed-with-failures' | 'cancelled';
  /** What earlier runs of the round had done when this one started; absent if nothing. */
  readonly beforeRun?: RunCounts;
  /** When the run that closed the round started. */
  readonly startedAt: string;
  readonly endedAt: string;
}

/**
 * Where a migration's control objects are and how to reach them. Small enough for every workflow input, and without
 * secrets.
 */
export interface ControlAddress extends ControlPlace {
  readonly name: string;
  readonly s3: S3Connection;
}

/**
 * Returns the key base of a migration's control objects: `<prefix>/<name>`. Those of its plan and its verification are
 * below, at `<prefix>/<name>/plan` and `<prefix>/<name>/verify`.
 */
export function controlBase({ prefix, name }: Pick<ControlAddress, 'prefix' | 'name'>): string {
  const migration = migrationOf(name);
  if (migration === name) return `${prefix}/${name}`;
  const kind = name.slice(0, -migration.length - 1);
  return `${prefix}/${migration}/${kind}`;
}
