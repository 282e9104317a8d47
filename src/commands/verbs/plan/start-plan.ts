import { readNewestRound, type StagedRound } from '../../../control/newest-round.js';
import type { ControlStore } from '../../../control/control-store.js';
import { planName } from '../../../domain/ids.js';
import { controlBase } from '../../../domain/stored/migration-record.js';
import { stagePlan, type StagedPlan } from '../../../staging/stage-plan.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import { ownRoot } from '../../migration/own-root.js';
import type { MigrationFile } from '../../migration/read-migration-file.js';
import type { CommandContext } from '../../ports/context.js';
import type { TemporalPort } from '../../ports/temporal-port.js';
import { startRoot } from '../../start/start-root.js';
import { unitLines } from '../../start/unit-lines.js';
import { withStagingView } from '../../start/with-staging-view.js';

/** Which plan to make. */
export interface PlanOrder {
  readonly file: MigrationFile;
  readonly sampleOf: (units: number) => number;
  readonly seed: number;
  /** Whether to plan anew what has been planned. */
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
  const { target } = definition;
  const name = planName(definition.name);
  const named = { definition: { ...definition, name } };
  const root = await ownRoot(context, named, temporal);
  const control = await context.stores.openControl(definition, context.environment);
  // The target bucket itself need not be there yet.
  const controlAlone = { ...definition, target: { ...target, bucket: target.control.bucket } };
  await context.stores.checkTargetBucket(controlAlone, context.environment, context.signal);
  const base = controlBase({ prefix: target.control.prefix, name });
  const newest = await readNewestRound({ control, base }, context.signal);
  const isRunning = root?.state === 'running';
  const plan = await stage(context, order, { control, base, newest, isRunning });
  if (plan.state === 'other') throw otherRuns(context, name);
  const staged = await readNewestRound({ control, base }, context.signal);
  if (staged === undefined) throw new CommandError(exitStatus.unexpected, `The plan cannot be read back from ${base}`);
  const found = { name, control, base, staged };
  if (staged.summary !== undefined) return { outcome: 'ended', ...found };
  if (!isRunning || plan.state === 'staged') await startRoot(context, { staged, temporal });
  return { outcome: plan.state === 'staged' ? 'started' : 'continued', ...found };
}

function stage(
  context: CommandContext,
  { file, sampleOf, seed, again, unclaimed }: PlanOrder,
  place: {
    readonly control: ControlStore;
    readonly base: string;
    readonly newest: StagedRound | undefined;
    readonly isRunning: boolean;
  },
): Promise<StagedPlan> {
  const { control: store, ...rest } = place;
  return withStagingView(context, (progress) =>
    stagePlan({
      ...{ definition: file.definition, file, store, ...rest, sampleOf, seed, again, unclaimed, progress },
      ...{ version: context.version, signal: context.signal },
      units: unitLines(context, file),
      now: () => new Date(context.now()),
    }),
  );
}

function otherRuns({ invocation }: CommandContext, name: string): CommandError {
  return new CommandError(exitStatus.usage, `${name} is running, with another definition, other units or sample`, {
    next: `wait for its end (\`${invocation} watch ${name}\`), or cancel it: \`${invocation} cancel ${name}\``,
  });
}
