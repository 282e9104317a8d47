import { controlKeys } from '../../control/control-keys.js';
import { toFailure } from '../../domain/failure.js';
import { migrationOf, sliceLabel } from '../../domain/ids.js';
import { controlBase, controlFormat } from '../../domain/stored/migration-record.js';
import { blockedResult, type SliceResult } from '../../domain/figures/slice-report.js';
import type { FindRenderer } from '../../domain/rendered-find.js';
import { emptyTally } from '../../domain/figures/tally.js';
import type { StagedUnit } from '../../domain/unit.js';
import { parkPoison } from './park-poison.js';
import { SliceAttempt } from './slice-attempt.js';
import { LaterRounds } from '../../control/ledger/later-rounds.js';
import { SliceLedger } from '../../control/ledger/slice-ledger.js';
import type { SliceJob } from './slice-job.js';
import { SliceUnits } from './slice-units.js';
import { readStagedSlice } from '../../control/staged-slice.js';
import { durableParts } from '../../control/checkpoint.js';
import { RequestCounter } from '../unit/request-counter.js';
import { plannedManifests } from '../../control/plan/planned-manifests.js';
import { controlRound } from '../../control/control-prefix.js';

/**
 * Moves the units of a slice that have no receipt yet. Returns `complete` once the ledger's footer is written,
 * `blocked` if the target refuses or only units are left that need somebody's help, `waiting` if all that is left is
 * tried again later, and `partial` after half an hour, a drain or an abort; receipts are flushed before it returns.
 * Throws a `Failure` if the attempt itself must end: fenced, superseded, nothing advanced for ten minutes, or a ledger
 * that cannot be written. In a plan, units are planned instead of moved; in a verification, they are compared.
 */
export async function moveSlice(given: SliceJob): Promise<SliceResult> {
  try {
    const job = await jobOf(given);
    const { ledger, units } = await claimLedger(job);
    if (ledger.complete) return { state: 'complete', tally: ledger.tally };
    const deferred = await parkPoison(job, ledger, units);
    return await new SliceAttempt(job, ledger, new SliceUnits(job, ledger, units, deferred)).run();
  } catch (error) {
    // Before the claim there is nothing to flush; an attempt that has claimed deals with its abort itself.
    if (given.signal.aborted) return { state: 'partial', tally: emptyTally };
    const failure = toFailure(error);
    if (failure.row.blocks !== true) throw failure;
    return blockedResult(failure, {
      tally: emptyTally,
      deferred: given.task.units,
      what: `slice ${sliceLabel(given.task)}`,
    });
  }
}

/** Returns the job with what its units need: to be moved, planned or verified. */
async function jobOf(given: SliceJob): Promise<SliceJob> {
  const { plan, verify } = given.resources.record;
  if (plan !== undefined) return planningJob(given);
  return verify === undefined ? await comparedJob(given) : verifyingJob(given);
}

/** Returns a job whose units are compared with what a plan has found. It is read before the ledger is claimed. */
async function comparedJob(job: SliceJob): Promise<SliceJob> {
  return { ...job, planned: await plannedManifests(job.resources, job.task, job.signal) };
}

/** Returns a job whose units are planned. */
function planningJob(job: SliceJob): SliceJob {
  const requests = new RequestCounter(job.resources.source);
  return { ...job, requests, resources: { ...job.resources, source: requests.source } };
}

/** Returns a job whose units are verified. They read no source, and are staged without what a lookup would need. */
function verifyingJob(job: SliceJob): SliceJob {
  const { control, record } = job.resources;
  const base = controlBase({ prefix: record.definition.target.control.prefix, name: migrationOf(record.name) });
  return {
    ...job,
    laterRounds: new LaterRounds({ control, base }),
    resources: { ...job.resources, find: findsNothing },
  };
}

const findsNothing: FindRenderer = { lookups: () => [], expect: () => ({}) };

async function claimLedger(
  job: SliceJob,
): Promise<{ readonly ledger: SliceLedger; readonly units: readonly StagedUnit[] }> {
  const { task, resources, process, signal } = job;
  const staged = await readStagedSlice(resources, task, signal);
  const ledger = await SliceLedger.claim({
    store: resources.control,
    key: controlKeys.ledger(resources.base, task.round, task),
    header: {
      type: 'header',
      format: controlFormat,
      definition: resources.record.definitionDigest,
      firstUnit: task.firstUnit,
      units: task.units,
      staged: staged.digest,
    },
    epoch: task.epoch,
    degraded: resources.record.definition.target.conditionalWrites === 'degraded',
    process: process.identity,
    durableParts: (unitIndex) => durableParts(unitIndex, controlRound(resources), signal),
    signal,
  });
  return { ledger, units: staged.units };
}
