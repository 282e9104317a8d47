import type { FailureClass } from '../../domain/failure-classes.js';
import { toFailure, type Failure } from '../../domain/failure.js';
import { FindingsLog } from '../../domain/findings/findings-log.js';
import { blobLabel, type Manifest } from '../../domain/manifest.js';
import type { Receipt } from '../../domain/receipt.js';
import { readFindings, receiptFindings } from '../../control/stored-findings.js';
import { StageClock } from '../../flow/stage-clock.js';
import { discover } from '../discover/discover.js';
import { emptyUnit } from '../discover/where-looked.js';
import { objectIdentity } from '../publish/object-identity.js';
import { confirmDamage } from '../second-decoder/confirm-damage.js';
import { lookAtTarget, type TargetState } from './look-at-target.js';
import { makeReceipt } from './make-receipt.js';
import { transferBytes } from './transfer-bytes.js';
import type { NotedJob, UnitJob } from './unit-job.js';

/**
 * Moves one unit: finds its blobs, downloads, decodes, joins, packs and publishes them as one object, proven in place.
 * Returns its receipt, also if the unit fails for good because of its content, its source or a conflict at the target.
 * Throws a `Failure` that may pass or that somebody has to put right: the unit is then neither done nor failed, and
 * nothing was published under its key.
 */
export async function moveUnit(job: UnitJob): Promise<Receipt> {
  const state: MoveState = { manifest: undefined, findings: new FindingsLog() };
  const failures: FailureCounts = { changed: 0, doubted: 0, unseen: 0 };
  const { clock = new StageClock() } = job;
  for (let { askFirst } = job; ; askFirst = true) {
    try {
      // An earlier try may have left an object or a checkpoint.
      return await attemptMove({ ...job, findings: state.findings, clock, askFirst }, state);
    } catch (error) {
      job.signal.throwIfAborted();
      const failure = toFailure(error);
      if (mayMoveAgain(failure, failures) || mayLookItself(job, failure, failures)) continue;
      if (failure.row.retry !== 'no' || failure.row.scope !== 'unit') throw failure;
      return await failedReceipt(job, state.manifest, {
        failure: await confirmed(job, state, failure),
        findings: state.findings,
      });
    }
  }
}

/** What is known so far, for the receipt of a failure. */
interface MoveState {
  manifest: Manifest | undefined;
  readonly findings: FindingsLog;
}

/** Counted apart, so that a source that changes does not use up the second look at a failure that needs confirming. */
interface FailureCounts {
  changed: number;
  doubted: number;
  unseen: number;
}

/**
 * Reports whether to try once more: a source that changes is listed again three times, and what `confirm` doubts is
 * tried once more.
 */
function mayMoveAgain(failure: Failure, failures: FailureCounts): boolean {
  if (failure.failureClass === 'SourceChanged') {
    failures.changed += 1;
    return failures.changed <= 3;
  }
  if (failure.row.confirm !== true) return false;
  failures.doubted += 1;
  return failures.doubted <= 1;
}

// Failures by what a listing said, or by a blob that was in it.
const toldByListing: ReadonlySet<FailureClass> = new Set([
  'Incomplete',
  'EmptyUnit',
  'SourceMissing',
  'LimitExceeded/UnitBlobs',
]);

/**
 * Reports whether to try once more because the unit would fail by what a shared listing said, which may be minutes old:
 * it then lists by itself.
 */
function mayLookItself({ unit, sharing }: UnitJob, { failureClass }: Failure, failures: FailureCounts): boolean {
  if (sharing?.listings.hasServed(unit) !== true || !toldByListing.has(failureClass)) return false;
  failures.unseen += 1;
  return failures.unseen <= 1;
}

/** Lets a second decoder judge the blob if the failure is damage. */
async function confirmed({ resources, signal }: UnitJob, state: MoveState, failure: Failure): Promise<Failure> {
  const blob = state.manifest?.blobs.find((each) => blobLabel(each) === failure.blob);
  return blob === undefined ? failure : await confirmDamage(failure, blob, resources.source, signal);
}

async function attemptMove(job: NotedJob, state: MoveState): Promise<Receipt> {
  const { unit, resources, signal, findings } = job;
  const { definition } = resources.record;
  findings.begin();
  const note = (text: string): void => {
    findings.note(text);
  };
  const { find, source } = resources;
  const discovery = { definition, find, source, sharing: job.sharing, note };
  const manifest = await job.clock.during('discover', discover(unit, discovery, signal));
  state.manifest = manifest;
  job.discovered?.(manifest);
  if (manifest.blobs.length === 0 && definition.whenEmpty !== 'write-empty') {
    if (definition.whenEmpty === 'skip') return await makeReceipt(job, manifest, { state: 'empty' });
    throw emptyUnit(resources.find.lookups(unit));
  }
  const identity = objectIdentity(resources.record, unit, manifest.digest);
  const target = await job.clock.during('publish', lookAtTarget(job, manifest, identity));
  if (target.act === 'keep') return await foundReceipt(job, manifest, target);
  const published = await job.clock.during('publish', transferBytes(job, manifest, identity, target.condition));
  return await makeReceipt(job, manifest, {
    state: published.state,
    raw: { sha256: published.raw.sha256, crc32: published.raw.crc32 },
    target: published.proof,
    ...(target.compared !== undefined && { compared: target.compared }),
    rawBytes: published.raw.bytes,
    targetBytes: published.bytes,
    findings: receiptFindings(findings.all),
  });
}

async function foundReceipt(
  job: UnitJob,
  manifest: Manifest,
  { head, raw, compared }: Extract<TargetState, { act: 'keep' }>,
): Promise<Receipt> {
  const { unit, resources, signal } = job;
  const { transform } = resources.record.definition;
  return await makeReceipt(job, manifest, {
    state: 'found',
    raw: { sha256: raw.sha256, crc32: raw.crc32 },
    target: {
      etag: head.etag,
      ...(head.versionId === undefined ? {} : { versionId: head.versionId }),
      checksum: head.crc32 ?? null,
      parts: partsOfEtag(head.etag),
    },
    compared,
    rawBytes: raw.bytes,
    targetBytes: head.bytes,
    findings: await readFindings({ unit, sha256: raw.sha256 }, transform, resources, signal),
  });
}

/** The ETag of a multipart object ends in its number of parts; any other object has one. */
function partsOfEtag(etag: string): number {
  const parts = /-(\d{1,5})"?$/.exec(etag)?.[1];
  return parts === undefined ? 1 : Number(parts);
}

/** Returns the receipt of a unit that failed for good. */
export async function failedReceipt(
  job: Pick<UnitJob, 'unit' | 'resources' | 'buildInfo' | 'signal'>,
  manifest: Manifest | undefined,
  { failure, findings }: { readonly failure: Failure; readonly findings?: FindingsLog },
): Promise<Receipt> {
  const noted = findings === undefined ? {} : { findings: receiptFindings(findings.all) };
  const base = await makeReceipt(job, manifest, { state: 'failed', ...noted });
  const blob = failure.blob === undefined ? {} : { blob: failure.blob };
  return { ...base, class: failure.failureClass, message: failure.message, ...blob };
}
