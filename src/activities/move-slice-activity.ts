import { Context } from '@temporalio/activity';
import { toFailure } from '../domain/failure.js';
import { rangeLabel, sliceLabel } from '../domain/ids.js';
import type { CredentialEnd } from '../domain/moment.js';
import { blockedResult, type SliceBeat, type SliceResult, type SliceTask } from '../domain/figures/slice-report.js';
import { emptyTally } from '../domain/figures/tally.js';
import { pacedSource } from '../pipeline/source/paced-source.js';
import type { MigrationResources } from '../pipeline/unit/migration-resources.js';
import { pacedTarget } from '../pipeline/verify/paced-target.js';
import type { ActivityDependencies, WatchedDirectives } from './activity-dependencies.js';
import type { Activities, MoveSliceInput } from './activity-messages.js';
import { startBeating } from './beating.js';
import { interruptionOf } from './interruption.js';
import { requestCeilings } from './request-ceilings.js';
import { toApplicationFailure } from './to-application-failure.js';

/**
 * Makes the activity `moveSlice`: heartbeats, cancellation and the mapping of failures around the pipeline's function.
 */
export function createMoveSlice(
  deps: Pick<
    ActivityDependencies,
    'openMigration' | 'moveSlice' | 'process' | 'directives' | 'buildInfo' | 'redact' | 'noteBlocked'
  >,
): Activities['moveSlice'] {
  return async ({ control, revision, task }: MoveSliceInput): Promise<SliceResult> => {
    const context = Context.current();
    const { cancellationSignal: signal } = context;
    const beating = startBeating(context, firstBeat(task, context.info.heartbeatDetails));
    let watch: WatchedDirectives | undefined;
    let credentials: readonly CredentialEnd[] = [];
    try {
      const { resources, credentialEnds } = await deps.openMigration(control, task.round, signal);
      const { accounts } = resources.record.definition;
      const speed = { ...resources.record.definition.speed, requestsPerSecond: requestCeilings(accounts) };
      watch = await deps.directives.watch({ name: control.name, speed, epoch: task.epoch, revision });
      // Slices that were queued when a drain began come and go without a request to any store.
      if (watch.control.draining) return { state: 'partial', tally: emptyTally };
      const result = await deps.moveSlice({
        ...{ task, signal, buildInfo: deps.buildInfo, control: watch.control },
        resources: pacedResources(resources, watch),
        process: { ...deps.process, units: watch.units },
        beat: (latest: SliceBeat): void => {
          // They follow with a later heartbeat.
          void credentialEnds().then((ends) => (credentials = ends));
          beating.set(boundedBeat({ ...latest, ...(credentials.length > 0 && { credentials }) }));
        },
      });
      if (!signal.aborted || result.state === 'complete' || isAskedFor(context)) return told(result, context, deps);
      // A partial result would make the partition schedule a new activity, which a pause or a shutdown does not know
      // of.
      throw interruptionOf(context);
    } catch (error) {
      beating.now();
      if (signal.aborted) throw interruptionOf(context);
      const failure = toFailure(error);
      // The stores could not be opened: the partition must know what blocks, and then tries with one slice at a time.
      if (failure.row.blocks === true) {
        const what = `record of ${control.name}`;
        return told(blockedResult(failure, { tally: emptyTally, deferred: task.units, what }), context, deps);
      }
      throw toApplicationFailure(failure, { stage: 'moving', redact: deps.redact });
    } finally {
      watch?.stop();
      beating.stop();
    }
  };
}

/** A migration reads its bytes from the source, a verification from the target. */
function pacedResources(resources: MigrationResources, watch: WatchedDirectives): MigrationResources {
  const { source, target, record } = resources;
  if (record.verify !== undefined) return { ...resources, target: pacedTarget(target, watch.pace) };
  return { ...resources, source: pacedSource(source, watch) };
}

/** Returns the result as the partition is told it, and notes that it waits for somebody. */
function told(
  result: SliceResult,
  { info }: Context,
  { redact, noteBlocked }: Pick<ActivityDependencies, 'redact' | 'noteBlocked'>,
): SliceResult {
  if (result.state !== 'blocked') return result;
  if (info.workflowExecution !== undefined) noteBlocked?.(info.workflowExecution.workflowId);
  return { ...result, message: redact(result.message).slice(0, messageLengthMax) };
}

/** Tells whether the partition asked for the cancel and this attempt still counts. */
function isAskedFor(context: Context): boolean {
  const details = context.cancellationDetails;
  return details?.cancelRequested === true && !details.notFound && !details.timedOut;
}

/**
 * Returns what heartbeats say until the ledger is claimed: the figures of the previous attempt, so that they do not
 * seem lost.
 */
function firstBeat(task: SliceTask, previous: unknown): SliceBeat {
  const slice = sliceLabel(task);
  const known = isBeatOf(slice, previous) ? previous : undefined;
  return {
    v: 1,
    slice,
    range: rangeLabel(task.firstUnit, task.units),
    phase: 'claiming',
    done: known?.done ?? 0,
    failed: known?.failed ?? 0,
    deferred: 0,
    of: task.units,
    inFlight: { count: 0, indexes: [] },
    tally: known?.tally ?? emptyTally,
  };
}

function isBeatOf(slice: string, details: unknown): details is SliceBeat {
  if (typeof details !== 'object' || details === null) return false;
  const beat = details as Partial<SliceBeat>;
  return beat.v === 1 && beat.slice === slice && typeof beat.tally === 'object';
}

// A result stays below 4 KiB.
const messageLengthMax = 1_000;
// The server keeps the last heartbeat of every pending activity in the partition's state, which is limited.
const beatLengthMax = 4_096;
const shownMessageMax = 200;

function boundedBeat(beat: SliceBeat): SliceBeat {
  if (JSON.stringify(beat).length <= beatLengthMax) return beat;
  const { waitsFor, waiting, throttled: _throttled, credentials: _credentials, ...rest } = beat;
  return {
    ...rest,
    inFlight: { count: beat.inFlight.count, indexes: [] },
    ...(waitsFor && { waitsFor: shortened(waitsFor) }),
    ...(waiting && { waiting: waiting.map(shortened) }),
  };
}

function shortened<T extends { readonly message: string }>(waits: T): T {
  return { ...waits, message: waits.message.slice(0, shownMessageMax) };
}
