import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Failure } from '../domain/failure.js';
import type { SummaryRecord } from '../domain/stored/migration-record.js';
import { controlKeys } from './control-keys.js';
import type { ControlPrefix, ControlRound } from './control-prefix.js';
import { damaged } from './damage.js';
import { sizeLimits } from './size-limits.js';
import { readObject, writeObject } from './stored-object.js';
import { formatSchema, versionedJson } from './versioned-json.js';

/**
 * Writes the summary of a round once, which closes it, and returns it. Where there is one already, it must have the
 * same tally and is returned instead. A lost reply is settled by reading back.
 */
export async function closeRound(
  place: ControlPrefix,
  summary: SummaryRecord,
  signal: AbortSignal,
): Promise<SummaryRecord> {
  const key = controlKeys.summary(place.base, summary.round);
  const bytes = summaryJson.bytes(summary);
  const outcome = await writeObject(place.control, { key, bytes, condition: 'absent' }, signal);
  if (outcome.state === 'written') return summary;
  const present = await readSummary({ ...place, round: summary.round }, signal);
  if (present === undefined) throw new Failure('TargetUnknownOutcome', `${key} may not have been written`);
  if (!isDeepStrictEqual(present.tally, summary.tally))
    throw new Failure('InternalPlanError', `${key} is there with another tally; this round was closed before`);
  return present;
}

/** Returns the summary of a round; undefined while the round is not closed. */
export async function readSummary(place: ControlRound, signal: AbortSignal): Promise<SummaryRecord | undefined> {
  const key = controlKeys.summary(place.base, place.round);
  const object = await readObject(place.control, { key, maxBytes: sizeLimits.summary }, signal);
  if (object === undefined) return undefined;
  const summary = summaryJson.parse(object.bytes, key);
  if (summary.round !== place.round) throw damaged(key, `it is the summary of round ${String(summary.round)}`);
  return summary;
}

const count = z.int().min(0);
// Sums of petabytes are no longer safe integers.
const size = z.number().min(0);
const units = z.looseObject({ done: count, found: count, empty: count, failed: count });

/** The form in which `summary.json` is stored. */
export const summaryJson = versionedJson<SummaryRecord>(
  'the summary of a round',
  z.looseObject({
    format: formatSchema,
    name: z.string(),
    round: count,
    total: count,
    tally: z.looseObject({
      units,
      blobs: z.looseObject({ done: count }),
      bytes: z.looseObject({ source: size, raw: size, target: size }),
      earlier: units.optional(),
      sincePlan: z.looseObject({ compared: count, changed: count }).optional(),
      failures: z.record(z.string(), count).optional(),
    }),
    overall: units.extend({ total: count }).optional(),
    phase: z.enum(['completed', 'completed-with-failures', 'cancelled']),
    beforeRun: z.looseObject({ units: count, blobs: count, sourceBytes: size }).optional(),
    startedAt: z.string(),
    endedAt: z.string(),
  }),
);
