import { toFailure } from '../../domain/failure.js';
import type { Receipt } from '../../domain/receipt.js';
import { StageClock } from '../../flow/stage-clock.js';
import { discover, type Discovery } from '../discover/discover.js';
import { freezeManifest } from '../discover/freeze-manifest.js';
import type { FoundBlob } from '../discover/order-blobs.js';
import { emptyUnit } from '../discover/where-looked.js';
import { makeReceipt } from './make-receipt.js';
import { failedReceipt } from './move-unit.js';
import { plannedUnit } from './planned-unit.js';
import type { RequestCounter } from './request-counter.js';
import type { UnitJob } from './unit-job.js';

/** One unit to plan, and what that needs. */
export interface PlanJob extends Pick<UnitJob, 'unit' | 'resources' | 'sharing' | 'buildInfo' | 'clock' | 'signal'> {
  /** Counts the requests that the slice makes at the source. */
  readonly requests: RequestCounter;
}

/**
 * Plans one unit: finds its blobs as `moveUnit` does, reads none of them and touches no target. Returns a receipt that
 * says what would become of the unit: `done` means that it is ready. A unit that would fail has its manifest too, where
 * its blobs are known. Throws a `Failure` that may pass or that somebody has to put right.
 */
export async function planUnit(job: PlanJob): Promise<Receipt> {
  const { resources, signal } = job;
  const { definition } = resources.record;
  const notes: string[] = [];
  let found: readonly FoundBlob[] | undefined;
  const discovery: Discovery = {
    ...{ definition, source: resources.source, find: resources.find, sharing: job.sharing },
    note: (text) => notes.push(text),
    found: (blobs) => {
      found = blobs;
    },
  };
  const receipt = await lookFor(job, discovery).catch(async (error: unknown) => {
    signal.throwIfAborted();
    const failure = toFailure(error);
    if (failure.row.retry !== 'no' || failure.row.scope !== 'unit') throw failure;
    return await failedReceipt(job, found && freezeManifest(found, definition.transform), { failure });
  });
  return {
    ...receipt,
    notes: [...receipt.notes, ...notes],
    planned: { ...plannedUnit(found ?? []), requests: job.requests.take() },
  };
}

async function lookFor(job: PlanJob, discovery: Discovery): Promise<Receipt> {
  const { unit, resources, signal, clock = new StageClock() } = job;
  const manifest = await clock.during('discover', discover(unit, discovery, signal));
  const isEmpty = manifest.blobs.length === 0;
  const { whenEmpty } = resources.record.definition;
  if (isEmpty && whenEmpty === 'fail') throw emptyUnit(resources.find.lookups(unit));
  return await makeReceipt(job, manifest, { state: isEmpty && whenEmpty === 'skip' ? 'empty' : 'done' });
}
