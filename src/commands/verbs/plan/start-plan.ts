import type { StagedRound } from '../../../control/newest-round.js';
import type { ControlStore } from '../../../control/control-store.js';
import { planName } from '../../../domain/ids.js';
import { stagePlan, type StagedPlan } from '../../../staging/stage-plan.js';
import type { MigrationFile } from '../../migration/read-migration-file.js';
import type { CommandContext } from '../../ports/context.js';
import type { TemporalPort } from '../../ports/temporal-port.js';
import { findSideRun, readSideRun, type FoundSideRun } from '../../start/find-side-run.js';
import { startRoot } from '../../start/start-root.js';
import { unitLines } from '../../start/unit-lines.js';
import { withStagingView } from '../../start/with-staging-view.js';

/** Which plan to make. */
export interface PlanOrder {
  readonly file: MigrationFile;
  readonly sampleOf: (units: number) => number;
  readonly seed: number;
  /** Whether to plan again what has been planned. */
  readonly again: boolean;
  /** Whether to find the blobs that no unit claims. */
  readonly unclaimed: boolean;
}

/** A plan that runs or has ended. */
export interface StartedPlan {
  /** `started`: a new one. `continued`: one that had not ended, running or not. `ended`: one that is only reported. */
  readonly outcome: 'started' | 'continued' | 'ended';
  /** The plan's name, `plan/orders`. */
  readonly name: string;
  readonly control: ControlStore;
  readonly base: string;
  readonly staged: StagedRound;
}

/**
 * Stages and starts a plan, or finds one of the same units, which continues if it has not ended. Rejects with status 2
 * while a plan of other units runs.
 */
export async function startPlan(
  context: CommandContext,
  order: PlanOrder,
  temporal: TemporalPort,
): Promise<StartedPlan> {
  const { definition } = order.file;
  const name = planName(definition.name);
  const control = await context.stores.openControl(definition, context.environment);
  const run = {
    ...({ what: 'plan', name, definition, control } as const),
    // The target bucket itself need not be there yet.
    bucket: definition.target.control.bucket,
    differsIn: 'definition, other units or sample',
  };
  const before = await findSideRun(context, run, temporal);
  const { state } = await stage(context, order, { control, ...before });
  const { base, isRunning } = before;
  const staged = await readSideRun(context, run, { base, state });
  const found = { name, control, base, staged };
  if (staged.summary !== undefined) return { outcome: 'ended', ...found };
  if (!isRunning || state === 'staged') await startRoot(context, { staged, temporal });
  return { outcome: state === 'staged' ? 'started' : 'continued', ...found };
}

function stage(
  context: CommandContext,
  { file, sampleOf, seed, again, unclaimed }: PlanOrder,
  { control: store, ...rest }: FoundSideRun & { readonly control: ControlStore },
): Promise<StagedPlan> {
  return withStagingView(context, (progress) =>
    stagePlan({
      ...{ definition: file.definition, file, store, ...rest, sampleOf, seed, again, unclaimed, progress },
      ...{ version: context.version, signal: context.signal },
      units: unitLines(context, file),
      now: () => new Date(context.now()),
    }),
  );
}
