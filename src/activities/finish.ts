import { Failure } from '../domain/failure.js';
import { controlFormat, type MigrationRecord, type SummaryRecord } from '../domain/stored/migration-record.js';
import { finishedUnits } from '../domain/figures/tally.js';
import { overallUnits } from '../domain/figures/unit-figures.js';
import type { ActivityDependencies } from './activity-dependencies.js';
import type { Activities, FinishInput, FinishResult } from './activity-messages.js';
import { refuseIfSuperseded } from '../control/owner.js';
import { closeRound } from '../control/summary.js';
import { endObserve } from './end-observe.js';
import { rootOf } from './root-of.js';
import { runControlActivity } from './run-control-activity.js';

/** Makes the activity `finish`. It may be repeated: a round that is closed with the same tally stays as it is. */
export function createFinish(
  deps: Pick<ActivityDependencies, 'openMigration' | 'runs' | 'redact'>,
): Activities['finish'] {
  return (input: FinishInput): Promise<FinishResult> =>
    runControlActivity(
      async ({ info, cancellationSignal: signal }) => {
        const { resources } = await deps.openMigration(input.control, input.round, signal);
        await refuseIfSuperseded(resources, input.epoch, signal);
        const closed = await closeRound(resources, summarise(input, resources.record), signal);
        await endObserve(deps.runs, rootOf(info));
        return { phase: closed.tally.units.failed > 0 ? 'completed-with-failures' : 'completed' };
      },
      () => ({ stage: 'finishing', redact: deps.redact }),
    );
}

function summarise({ control, round, tally, startedAt }: FinishInput, record: MigrationRecord): SummaryRecord {
  const total = record.layout.units;
  // What was done before this run does not describe the round: another run would find another number.
  const { beforeRun, ...tallied } = tally;
  const finished = finishedUnits(tally);
  if (finished !== total) {
    throw new Failure('InternalPlanError', `${String(finished)} units are accounted for, of ${String(total)}`);
  }
  return {
    format: controlFormat,
    name: control.name,
    round,
    total,
    tally: tallied,
    ...(beforeRun && { beforeRun }),
    ...(record.before === undefined ? {} : { overall: overallUnits(record.before, { total, tally }) }),
    phase: tally.units.failed > 0 ? 'completed-with-failures' : 'completed',
    startedAt,
    endedAt: new Date().toISOString(),
  };
}
