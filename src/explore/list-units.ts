import { unitFields } from '../shapes/proposal/unit-fields.js';
import type { UnitPattern } from '../shapes/proposal/propose-find.js';
import type { ExploreRequest } from './explore-request.js';
import type { ExploredSource } from './explored-source.js';
import { walkAccount } from './walk-account.js';
import type { WalkLimits } from './walk-limits.js';
import type { WalkPosition } from './walk-position.js';

/** Units that the names of blobs reveal. */
export interface UnitsPage {
  /** The values of each unit's columns, each unit once. */
  readonly units: readonly (readonly string[])[];
  /** Where to continue; null at the end. */
  readonly next: UnitsPosition | null;
}

/** A position of the walk, and how many blobs of the page that begins there were taken already. */
export interface UnitsPosition {
  readonly walk: WalkPosition;
  readonly skip: number;
}

/** What {@link listUnits} runs with. */
export interface ListUnitsRun {
  readonly columns: readonly string[];
  readonly pattern: UnitPattern;
  readonly position: UnitsPosition;
  readonly signal: AbortSignal;
  readonly limits?: WalkLimits;
  /** Characters of a result as JSON; by default 500,000, below what Temporal accepts, with room for a codec. */
  readonly lengthMax?: number;
}

const unitsLengthMax = 500_000;
// What is listed again if the worker dies: 2.5 million blobs, a few minutes.
const stepsMax = 500;

/**
 * Walks through the same blobs as `exploreAccount` and returns the units that their names reveal. It stops when the
 * units fill a result, or when so much was listed that a dead worker's repetition would take long.
 */
export async function listUnits(
  source: ExploredSource,
  request: ExploreRequest,
  { columns, pattern, position, signal, limits, lengthMax = unitsLengthMax }: ListUnitsRun,
): Promise<UnitsPage> {
  const fieldsOf = unitFields(pattern);
  const seen = new Map<string, readonly string[]>();
  let length = 0;
  let steps = 0;
  let before = position.walk;
  let { skip } = position;
  const walk = { position: before, signal, ...(limits !== undefined && { limits }) };
  for await (const step of walkAccount(source, request, walk)) {
    for (const [index, { name }] of step.blobs.entries()) {
      if (index < skip) continue;
      const fields = fieldsOf(`${step.container}/${name}`);
      if (fields === undefined) continue;
      const unit = columns.map((column) => fields[column] ?? '');
      const key = JSON.stringify(unit);
      if (seen.has(key)) continue;
      if (length >= lengthMax) return { units: [...seen.values()], next: { walk: before, skip: index } };
      seen.set(key, unit);
      length += key.length + 1;
    }
    skip = 0;
    before = step.position;
    steps += 1;
    if (steps >= stepsMax) return { units: [...seen.values()], next: { walk: before, skip: 0 } };
  }
  return { units: [...seen.values()], next: null };
}
