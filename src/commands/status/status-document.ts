import { rootWorkflowId } from '../../domain/ids.js';
import type { SummaryRecord } from '../../domain/stored/migration-record.js';
import type { CredentialEnd, MovingUnit, Throttled, Work } from '../../domain/moment.js';
import {
  type Blocked,
  type EtaRange,
  isFinalPhase,
  type Phase,
  type Rate,
  zeroRate,
} from '../../domain/figures/progress.js';
import { endsSoon } from '../../domain/ends-soon.js';
import {
  doneInRun,
  emptyTally,
  type FailureCounts,
  finishedUnits,
  type PlanComparison,
  type Tally,
} from '../../domain/figures/tally.js';
import { overallUnits, phaseOfWhole, type UnitFigures } from '../../domain/figures/unit-figures.js';
import { phaseOfRoot } from './phase-of-root.js';
import type { RootDescription } from '../ports/temporal-port.js';
import { webUiLink, type WebUiPlace } from './web-ui-links.js';

/**
 * What `status --json` prints, and `start --watch --json` at its end. Times are ISO 8601 UTC, null while they are
 * unknown.
 */
export interface StatusDocument {
  readonly name: string;
  readonly workflowId: string;
  readonly runId: string | null;
  readonly round: number;
  /** The phase of the whole: `completed` only if no unit of any round is still failed. */
  readonly phase: Phase;
  /** When that phase began, where the root says so. */
  readonly phaseSince: string | null;
  /** Units, blobs and bytes are those of the round. */
  readonly units: UnitFigures;
  readonly blobs: Tally['blobs'];
  readonly bytes: Tally['bytes'];
  /** In a first round that was planned: units compared with the plan, and those whose blobs have changed since. */
  readonly sincePlan?: PlanComparison;
  /** Over the last minute or so; zero while paused or blocked; after the end, the mean of the round. */
  readonly rate: Rate;
  /** Over the whole round, without the time for which it was held; null while that is unknown. */
  readonly meanRate: Rate | null;
  /** Null while it is unknown, and while paused or blocked. */
  readonly etaSeconds: number | null;
  /** The range in which the end probably falls; null while `etaSeconds` is. */
  readonly etaRange: EtaRange | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What needs the operator. */
  readonly blocked: readonly Blocked[];
  /** What has failed, or got no answer, for longer than five seconds, and is tried again by itself. */
  readonly waiting: readonly Blocked[];
  /** The failed units of the round by class. */
  readonly failures: FailureCounts;
  /** Who works on it; null while that is unknown, and after the end. */
  readonly work: Work | null;
  /** Some of the units in flight: those that have been in flight longest. */
  readonly moving: readonly MovingUnit[];
  /** Stores that get fewer requests than the workers could make, because they have asked for that. */
  readonly throttled: readonly Throttled[];
  /** Credentials of workers that end within three days, or probably before the migration does. */
  readonly credentials: readonly CredentialEnd[];
  readonly webUi: string | null;
  /** Units over all rounds. */
  readonly overall: { readonly units: UnitFigures };
  /** Why the migration failed, if the reason is known; in phase `cancelled`, what the cancel had to leave undone. */
  readonly failure?: { readonly class: string | null; readonly message: string };
}

/** Which migration a document is about. */
export interface DocumentSubject extends WebUiPlace {
  readonly name: string;
}

/**
 * Returns the document of a migration that Temporal knows. `total` counts its staged units, for a root too young to
 * say.
 */
export function documentOfRoot(subject: DocumentSubject, root: RootDescription, total = 0): StatusDocument {
  const figures = root.result?.progress ?? newestFigures(root);
  const units = { total: figures?.total ?? total, tally: figures?.tally ?? emptyTally };
  const overall = overallUnits(root.before ?? undefined, units);
  const phase = phaseOfWhole(phaseOfRoot(root), overall);
  const isFinal = isFinalPhase(phase);
  const isMoving = phase === 'preparing' || phase === 'running';
  const { rate = zeroRate, meanRate: mean = null, etaSeconds = null, etaRange = null } = root.progress ?? {};
  return statusDocument(subject, {
    ...{ runId: root.runId, round: figures?.round ?? 0, phase, ...units, overall },
    phaseSince: isFinal ? root.endedAt : (root.memo?.since ?? null),
    ...(isMoving ? { rate, etaSeconds, etaRange } : { rate: zeroRate, etaSeconds: null, etaRange: null }),
    meanRate: mean,
    ...(isFinal && meanOfRound(units.tally, root.startedAt, root.endedAt)),
    startedAt: root.startedAt,
    endedAt: isFinal ? root.endedAt : null,
    blocked: isFinal ? [] : (figures?.blocked ?? []),
    waiting: isFinal ? [] : ((root.progress ?? root.memo)?.waiting ?? waitingFor(root.failing)),
    ...(isFinal ? noMoment : momentOf(root.progress)),
    ...failureOf(root, phase),
  });
}

function waitingFor(failing: Blocked | undefined): readonly Blocked[] {
  return failing === undefined ? [] : [failing];
}

function failureOf({ failure, memo }: RootDescription, phase: Phase): Pick<StatusDocument, 'failure'> {
  if (phase === 'failed' && failure !== null) return { failure };
  return phase === 'cancelled' && memo?.failure !== undefined ? { failure: memo.failure } : {};
}

/** Returns the document of an ended round from its `summary.json`. */
export function documentOfSummary(
  subject: DocumentSubject,
  summary: SummaryRecord,
  runId: string | null,
): StatusDocument {
  const { round, total, startedAt, endedAt, beforeRun } = summary;
  const tally = { ...summary.tally, ...(beforeRun && { beforeRun }) };
  const overall = summary.overall ?? { total, ...tally.units };
  return statusDocument(subject, {
    ...{ runId, round, phase: phaseOfWhole(summary.phase, overall), phaseSince: endedAt, total, tally, overall },
    ...{ ...meanOfRound(tally, startedAt, endedAt), etaSeconds: null, etaRange: null, startedAt, endedAt },
    ...{ blocked: [], waiting: [], ...noMoment },
  });
}

/**
 * Returns the document of a migration that only the control prefix knows: not started yet, or lost by Temporal before
 * its end.
 */
export function documentOfLedger(
  subject: DocumentSubject,
  known: Pick<Figures, 'round' | 'phase' | 'total' | 'tally' | 'overall' | 'runId' | 'failure'>,
): StatusDocument {
  const unknown = {
    phaseSince: null,
    meanRate: null,
    etaSeconds: null,
    etaRange: null,
    startedAt: null,
    endedAt: null,
  };
  const none = { ...unknown, rate: zeroRate, blocked: [], waiting: [], ...noMoment };
  return statusDocument(subject, { ...known, ...none });
}

type Figures = Omit<
  StatusDocument,
  'name' | 'workflowId' | 'units' | 'blobs' | 'bytes' | 'failures' | 'webUi' | 'overall'
> & {
  readonly total: number;
  readonly tally: Tally;
  readonly overall: UnitFigures;
};

function statusDocument(subject: DocumentSubject, figures: Figures): StatusDocument {
  const { total, tally, overall, failure, ...rest } = figures;
  const workflowId = rootWorkflowId(subject.name);
  return {
    name: subject.name,
    workflowId,
    runId: rest.runId,
    round: rest.round,
    phase: rest.phase,
    phaseSince: rest.phaseSince,
    units: { total, ...tally.units },
    blobs: tally.blobs,
    bytes: tally.bytes,
    ...(tally.sincePlan && { sincePlan: tally.sincePlan }),
    rate: rest.rate,
    meanRate: rest.meanRate,
    etaSeconds: rest.etaSeconds,
    etaRange: rest.etaRange,
    startedAt: rest.startedAt,
    endedAt: rest.endedAt,
    blocked: rest.blocked,
    waiting: rest.waiting,
    failures: tally.failures ?? {},
    work: rest.work,
    moving: rest.moving,
    throttled: rest.throttled,
    credentials: rest.credentials,
    webUi: webUiLink(subject, workflowId, rest.runId),
    overall: { units: overall },
    ...(failure === undefined ? {} : { failure }),
  };
}

/** The memo is written every half percent and the heartbeat every few seconds. Whichever counts more units is newer. */
function newestFigures({
  progress,
  memo,
}: RootDescription): Pick<NonNullable<RootDescription['progress']>, 'round' | 'total' | 'tally' | 'blocked'> | null {
  if (progress === null || memo === null) return progress ?? memo;
  return finishedUnits(memo.tally) > finishedUnits(progress.tally) ? memo : progress;
}

const noMoment = { work: null, moving: [], throttled: [], credentials: [] } as const;

function momentOf(
  progress: RootDescription['progress'],
): Pick<StatusDocument, 'work' | 'moving' | 'throttled' | 'credentials'> {
  if (progress?.moment === undefined) return noMoment;
  const { moment } = progress;
  return { ...moment, credentials: endsSoon(moment.credentials, progress) };
}

/** After the end, the speed is that of the whole round. */
function meanOfRound(
  tally: Tally,
  startedAt: string,
  endedAt: string | null,
): Pick<StatusDocument, 'rate' | 'meanRate'> {
  const rate = meanRate(tally, startedAt, endedAt);
  return { rate, meanRate: rate };
}

function meanRate(tally: Tally, startedAt: string, endedAt: string | null): Rate {
  const seconds = endedAt === null ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
  if (!(seconds > 0)) return zeroRate;
  const perSecond = (count: number): number => Math.round((count / seconds) * 10) / 10;
  const done = doneInRun(tally);
  return {
    unitsPerSecond: perSecond(done.units),
    blobsPerSecond: perSecond(done.blobs),
    sourceBytesPerSecond: Math.round(done.sourceBytes / seconds),
  };
}
