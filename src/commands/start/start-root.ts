import { CommandError } from '../ending/command-error.js';
import type { CommandContext } from '../ports/context.js';
import { exitStatus } from '../ending/exit-status.js';
import type { StagedRound } from '../../control/newest-round.js';
import type { TemporalPort } from '../ports/temporal-port.js';

/** Starts a root run for a staged round. One that is running already is left alone. */
export async function startRoot(
  context: CommandContext,
  start: { readonly staged: StagedRound; readonly temporal: TemporalPort; readonly acceptFailures?: boolean },
): Promise<{ readonly runId: string }> {
  const { staged, temporal, acceptFailures = false } = start;
  const { cancelPatienceMs } = context.environment;
  const { record } = staged;
  const { definition, round, layout } = record;
  const { control, region, endpoint, forcePathStyle, profile, roleArn, externalId } = definition.target;
  const s3 = Object.fromEntries(
    Object.entries({ region, endpoint, forcePathStyle, profile, roleArn, externalId }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  await lastRootEnds(context, { staged, temporal });
  return temporal.startRoot({
    definition,
    before: record.before,
    input: {
      control: { bucket: control.bucket, prefix: control.prefix, name: definition.name, s3 },
      round,
      total: layout.units,
      heartbeatTimeoutMs: definition.speed.heartbeatTimeoutMs,
      searchAttributes: await temporal.hasSearchAttributes(),
      ...(staged.owner !== undefined && { begun: true }),
      ...(acceptFailures && { acceptFailures }),
      ...(record.plan?.unclaimed === true && { unclaimed: true }),
      ...(record.verify !== undefined && { verify: true }),
      ...(cancelPatienceMs !== undefined && { cancelPatienceMs }),
    },
  });
}

// A root ends a moment after it has closed its round.
const endsWithinMs = 60_000;
const askEveryMs = 500;

/** Waits until the root of the previous round has ended, because a start would attach to a root that is running. */
async function lastRootEnds(
  context: CommandContext,
  { staged, temporal }: { readonly staged: StagedRound; readonly temporal: TemporalPort },
): Promise<void> {
  const { name, round } = staged.record;
  const giveUpAtMs = context.now() + endsWithinMs;
  for (;;) {
    context.signal.throwIfAborted();
    const root = round === 0 ? undefined : await temporal.describeRoot(name);
    if (root?.state !== 'running' || root.memo === null || root.memo.round >= round) return;
    if (context.now() >= giveUpAtMs) {
      throw new CommandError(
        exitStatus.unexpected,
        `The root of round ${String(root.memo.round)} of ${name} has closed its round but has not ended`,
        {
          next:
            `look at ${root.workflowId} in the Web UI; ` +
            `then \`longhaul resume ${name}\` starts round ${String(round)}, which is staged`,
        },
      );
    }
    await context.sleep(askEveryMs, context.signal);
  }
}
