import { randomUUID } from 'node:crypto';
import { definitionDigest } from '../definition/definition-digest.js';
import { describeChanges } from '../definition/describe-changes.js';
import type { StagedRound } from '../control/newest-round.js';
import type { ControlStore } from '../control/control-store.js';
import type { Definition } from '../domain/definition.js';
import { planName } from '../domain/ids.js';
import { controlFormat, type MigrationRecord } from '../domain/stored/migration-record.js';
import type { StagedUnit } from '../domain/unit.js';
import { sampleLines } from './sample-lines.js';
import { spoolUnits, type SpooledUnits, type SpoolRequest } from './spool-units.js';
import { stageRound } from './stage-round.js';

/** What a plan is staged from. */
export interface PlanRequest extends SpoolRequest {
  readonly store: ControlStore;
  /** Key base of the plan's control objects. */
  readonly base: string;
  /** The newest plan of the migration, if there is one. */
  readonly newest: StagedRound | undefined;
  /** Whether that one's workflow is running. */
  readonly isRunning: boolean;
  /** Whether to plan again although the newest plan has looked at the same units. */
  readonly again: boolean;
  /** How many units to look at, by the number that there are. */
  readonly sampleOf: (units: number) => number;
  readonly seed: number;
  /** Whether the blobs that no unit claims are to be found. */
  readonly unclaimed: boolean;
  readonly version: string;
  readonly now: () => Date;
}

/**
 * Which plan it is. `staged`: a new one. `attached`: the newest one, which looks at the same units. `other`: none is
 * staged, because one of other units is running.
 */
export interface StagedPlan {
  readonly state: 'staged' | 'attached' | 'other';
  readonly record: MigrationRecord;
}

/**
 * Stages the units of a plan, all of them or a sample. Where the newest plan of the migration looks at the same units
 * of the same definition, that one is returned, so that it continues or is reported.
 */
export async function stagePlan(request: PlanRequest): Promise<StagedPlan> {
  const spooled = await spoolUnits(request);
  try {
    const { units: of } = spooled.layout;
    const take = Math.min(Math.max(1, request.sampleOf(of)), of);
    const says = newPlan(request, spooled);
    const { newest, again, isRunning } = request;
    const isWanted = !again || newest?.summary === undefined;
    if (newest !== undefined && isWanted && isSamePlan(newest.record, says, take))
      return { state: 'attached', record: newest.record };
    if (newest !== undefined && isRunning) return { state: 'other', record: newest.record };
    const sampled = sampleLines(spooled.lines(), { take, of, seed: request.seed });
    const { store, base, version, now, signal, progress } = request;
    const record = await stageRound({ store, base, says, version, now, signal, progress, units: parsed(sampled) });
    return { state: 'staged', record };
  } finally {
    await spooled.remove();
  }
}

type Says = Parameters<typeof stageRound>[0]['says'];

/** The definition is that of the migration, under the name of the plan. Its digest is the migration's own. */
function newPlan({ definition, newest, seed, unclaimed }: PlanRequest, { unitsDigest, layout }: SpooledUnits): Says {
  const name = planName(definition.name);
  return {
    format: controlFormat,
    ...{ name, id: randomUUID(), round: newest === undefined ? 0 : newest.record.round + 1 },
    ...{ definition: { ...definition, name }, definitionDigest: definitionDigest(definition) },
    fileDigest: unitsDigest,
    plan: { of: layout.units, seed, ...(unclaimed && { unclaimed }) },
  };
}

function isSamePlan(there: MigrationRecord, says: Says, take: number): boolean {
  return (
    there.definitionDigest === says.definitionDigest &&
    isUnchanged(there.definition, says.definition) &&
    there.fileDigest === says.fileDigest &&
    there.layout.units === take &&
    // A plan that has looked for more will do as well.
    (there.plan?.unclaimed === true || says.plan?.unclaimed !== true) &&
    (there.plan?.seed === says.plan?.seed || take === says.plan?.of)
  );
}

/** Limits are not part of the digest, but `limits.unitBlobs` decides what becomes of a unit. */
function isUnchanged(there: Definition, here: Definition): boolean {
  return describeChanges(there, here).length === 0;
}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<StagedUnit> {
  for await (const line of lines) yield JSON.parse(line) as StagedUnit;
}
