import { isDeepStrictEqual } from 'node:util';
import { controlKeys } from '../control/control-keys.js';
import { Failure } from '../domain/failure.js';
import { controlFormat, type MigrationRecord, type SummaryRecord } from '../domain/migration-record.js';
import { finishedUnits } from '../domain/tally.js';
import { overallUnits } from '../domain/unit-figures.js';
import type { ControlStore } from '../control/control-store.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, FinishInput, FinishResult } from './activity-messages.js';
import { refuseIfSuperseded } from '../control/owner.js';
import { runControlActivity } from './run-control-activity.js';

/** Makes the activity `finish`. It may be repeated: a round that is closed with the same tally stays as it is. */
export function createFinish(deps: Pick<ActivityDependencies, 'openMigration' | 'redact'>): Activities['finish'] {
  return (input: FinishInput): Promise<FinishResult> =>
    runControlActivity(
      async ({ cancellationSignal: signal }) => {
        const { resources } = await deps.openMigration(input.control, input.round, signal);
        const { control, base, record } = resources;
        await refuseIfSuperseded(control, base, input.epoch, signal);
        const summary = summarise(input, record);
        const closed = await closeRound(control, controlKeys.summary(base, input.round), summary, signal);
        return { phase: closed.tally.units.failed > 0 ? 'completed-with-failures' : 'completed' };
      },
      () => ({ stage: 'finishing', redact: deps.redact }),
    );
}

function summarise({ control, round, tally, startedAt }: FinishInput, record: MigrationRecord): SummaryRecord {
  const total = record.layout.units;
  const finished = finishedUnits(tally);
  if (finished !== total) {
    throw new Failure('InternalPlanError', `${String(finished)} units are accounted for, of ${String(total)}`);
  }
  return {
    format: controlFormat,
    name: control.name,
    round,
    total,
    tally,
    ...(record.before === undefined ? {} : { overall: overallUnits(record.before, { total, tally }) }),
    phase: tally.units.failed > 0 ? 'completed-with-failures' : 'completed',
    startedAt,
    endedAt: new Date().toISOString(),
  };
}

/** Writes the summary once; where there is one already, it must say the same. A lost reply is settled by reading it back. */
async function closeRound(
  store: ControlStore,
  key: string,
  summary: SummaryRecord,
  signal: AbortSignal,
): Promise<SummaryRecord> {
  const outcome = await store.write(key, Buffer.from(JSON.stringify(summary)), 'absent', signal);
  if (outcome.state === 'written') return summary;
  const object = await store.read(key, signal);
  if (object === undefined) throw new Failure('TargetUnknownOutcome', `${key} may not have been written`);
  const present = JSON.parse(Buffer.from(object.bytes).toString('utf8')) as SummaryRecord;
  if (!isDeepStrictEqual(present.tally, summary.tally)) {
    throw new Failure('InternalPlanError', `${key} is there with another tally; this round was closed before`);
  }
  return present;
}
