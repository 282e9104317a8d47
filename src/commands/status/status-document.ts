import { rootWorkflowId } from '../../domain/ids.js';
import type { SummaryRecord } from '../../domain/migration-record.js';
import { type Blocked, isFinalPhase, type Phase, type Rate, zeroRate } from '../../domain/progress.js';
import { emptyTally, finishedUnits, type Tally } from '../../domain/tally.js';
import { overallUnits, type UnitFigures } from '../../domain/unit-figures.js';
import { phaseOfRoot } from './phase-of-root.js';
import type { RootDescription } from '../ports/temporal-port.js';

/**
 * What `status --json` prints, and `start --watch --json` at its end. Times are ISO 8601 UTC, null while they are
 * unknown.
 */
export interface StatusDocument {
  readonly name: string;
  readonly workflowId: string;
  readonly runId: string | null;
  readonly round: number;
  readonly phase: Phase;
  readonly units: UnitFigures;
  readonly blobs: Tally['blobs'];
  readonly bytes: Tally['bytes'];
  /** Over the last minute or so; after the end, the mean of the round. */
  readonly rate: Rate;
  readonly etaSeconds: number | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly blocked: readonly Blocked[];
  readonly webUi: string | null;
  readonly overall: { readonly units: UnitFigures };
  /** Why the migration failed. Only in phase `failed`, if the reason is known. */
  readonly failure?: { readonly class: string | null; readonly message: string };
}

/** Which migration a document is about. */
export interface DocumentSubject {
  readonly name: string;
  readonly namespace: string;
  /** Base address of the Web UI, without a trailing slash. */
  readonly webUi: string | undefined;
}

/**
 * Returns the document of a migration that Temporal knows. `total` counts its staged units, for a root too young to
 * tell.
 */
export function documentOfRoot(subject: DocumentSubject, root: RootDescription, total = 0): StatusDocument {
  const figures = root.result?.progress ?? newestFigures(root);
  const phase = phaseOfRoot(root);
  const isFinal = isFinalPhase(phase);
  const units = { total: figures?.total ?? total, tally: figures?.tally ?? emptyTally };
  const { tally } = units;
  return statusDocument(subject, {
    runId: root.runId,
    round: figures?.round ?? 0,
    phase,
    ...units,
    overall: overallUnits(root.before ?? undefined, units),
    rate: isFinal ? meanRate(tally, root.startedAt, root.endedAt) : (root.progress?.rate ?? zeroRate),
    etaSeconds: isFinal ? null : (root.progress?.etaSeconds ?? null),
    startedAt: root.startedAt,
    endedAt: isFinal ? root.endedAt : null,
    blocked: isFinal ? [] : (figures?.blocked ?? []),
    ...(phase === 'failed' && root.failure !== null ? { failure: root.failure } : {}),
  });
}

/** Returns the document of an ended round from its `summary.json`. */
export function documentOfSummary(
  subject: DocumentSubject,
  summary: SummaryRecord,
  runId: string | null,
): StatusDocument {
  const { round, phase, total, tally, startedAt, endedAt } = summary;
  const rate = meanRate(tally, startedAt, endedAt);
  return statusDocument(subject, {
    ...{ runId, round, phase, total, tally, rate, startedAt, endedAt },
    overall: summary.overall ?? { total, ...tally.units },
    etaSeconds: null,
    blocked: [],
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
  const none = { rate: zeroRate, etaSeconds: null, startedAt: null, endedAt: null, blocked: [] };
  return statusDocument(subject, { ...known, ...none });
}

type Figures = Pick<
  StatusDocument,
  'runId' | 'round' | 'phase' | 'rate' | 'etaSeconds' | 'startedAt' | 'endedAt' | 'blocked' | 'failure'
> & { readonly total: number; readonly tally: Tally; readonly overall: UnitFigures };

function statusDocument(subject: DocumentSubject, figures: Figures): StatusDocument {
  const { total, tally, overall, failure, ...rest } = figures;
  const workflowId = rootWorkflowId(subject.name);
  return {
    name: subject.name,
    workflowId,
    runId: rest.runId,
    round: rest.round,
    phase: rest.phase,
    units: { total, ...tally.units },
    blobs: tally.blobs,
    bytes: tally.bytes,
    rate: rest.rate,
    etaSeconds: rest.etaSeconds,
    startedAt: rest.startedAt,
    endedAt: rest.endedAt,
    blocked: rest.blocked,
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

function meanRate(tally: Tally, startedAt: string, endedAt: string | null): Rate {
  const seconds = endedAt === null ? 0 : (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
  if (!(seconds > 0)) return zeroRate;
  const perSecond = (count: number): number => Math.round((count / seconds) * 10) / 10;
  return {
    unitsPerSecond: perSecond(finishedUnits(tally)),
    blobsPerSecond: perSecond(tally.blobs.done),
    sourceBytesPerSecond: Math.round(tally.bytes.source / seconds),
  };
}

function webUiLink({ webUi, namespace }: DocumentSubject, workflowId: string, runId: string | null): string | null {
  if (webUi === undefined) return null;
  const workflow = `${webUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return runId === null ? workflow : `${workflow}/${runId}`;
}
