import { readSummary } from '../../control/summary.js';
import { failureClassRow, type FailureClass } from '../../domain/failure-classes.js';
import { rootWorkflowId } from '../../domain/ids.js';
import { planCost } from '../../planning/plan-cost.js';
import type { Prices } from '../../planning/prices.js';
import type { FoundRound } from '../migration/find-round.js';
import type { StatusDocument } from '../status/status-document.js';
import type {
  ReportDocument,
  ReportedCost,
  ReportedRest,
  ReportedRetries,
  ReportedRound,
  ReportedVerification,
} from './report-document.js';
import type { ReportSums, SummedRound } from './report-sums.js';

/** What a report is made of. */
export interface ReportFacts {
  readonly found: FoundRound;
  readonly status: StatusDocument;
  readonly sums: ReportSums;
  readonly prices: Prices;
  readonly unclaimed: ReportedRest['unclaimed'];
  readonly verification: ReportedVerification | null;
  /** Of this program. */
  readonly version: string;
  readonly nowMs: number;
}

/** Assembles a report. Reads the summaries of the rounds that it lists. */
export async function makeReportDocument(facts: ReportFacts, signal: AbortSignal): Promise<ReportDocument> {
  const { found, status, sums, unclaimed, verification, version, nowMs } = facts;
  const { record } = found.staged;
  const { definition } = record;
  const { units: standing, work } = sums;
  const total = record.before?.total ?? record.layout.units;
  const { done, empty, failed } = standing.units;
  const open = total - done - empty - failed;
  const builds = standing.builds;
  const rounds = await Promise.all(sums.rounds.map((round) => reportedRound(round, facts, signal)));
  const first = await firstStart(facts, rounds, signal);
  return {
    name: found.name,
    id: record.id ?? null,
    workflowId: rootWorkflowId(found.name),
    reportedAt: new Date(nowMs).toISOString(),
    phase: status.phase,
    failure: status.failure ?? null,
    blocked: status.blocked,
    waiting: status.waiting,
    startedAt: first,
    endedAt: status.endedAt,
    source: {
      accounts: Object.entries(definition.accounts).map(([name, { endpoint }]) => ({ name, endpoint })),
    },
    target: {
      bucket: definition.target.bucket,
      control: `s3://${definition.target.control.bucket}/${found.base}`,
      storageClass: definition.target.storageClass ?? 'STANDARD',
    },
    units: { total, ...standing.units, open },
    objects: standing.objects,
    rounds,
    earlierRounds: sums.earlierRounds,
    throughput: sums.busiest.map(({ record: { round }, throughput, untimed }) => ({ round, untimed, ...throughput })),
    sizes: { objects: standing.objectSizes, ...standing.spreads, milliseconds: work.milliseconds },
    largest: standing.largest,
    slowest: work.slowest,
    failures: {
      units: failed,
      classes: standing.failures.map((each) => ({ ...each, next: failureClassRow(each.class).hint })),
    },
    throttling: reportedRetries(sums),
    verification,
    cost: reportedCost(facts),
    versions: { report: version, builds: builds.texts, otherUnits: builds.others },
    leftBehind: {
      failed: { units: failed, ...standing.failed },
      openUnits: open,
      emptyUnits: empty,
      skippedBlobs: standing.objects.skippedBlobs,
      unclaimed,
    },
    notes: standing.notes,
  };
}

async function reportedRound(
  { record, tally }: SummedRound,
  { found, status }: ReportFacts,
  signal: AbortSignal,
): Promise<ReportedRound> {
  const { round, layout, version, definitionDigest, stagedAt } = record;
  const isNewest = round === found.staged.record.round;
  const summary = isNewest ? found.staged.summary : await readSummary({ ...found, round }, signal);
  const begun = isNewest ? (status.startedAt ?? stagedAt) : stagedAt;
  return {
    ...{ round, startedAt: summary?.startedAt ?? begun, endedAt: summary?.endedAt ?? null },
    ...{ version, definition: definitionDigest, units: { total: layout.units, ...tally.units } },
    ...{ blobs: tally.blobs, bytes: tally.bytes },
  };
}

/** When the first round began: that may be older than the rounds that are listed. */
async function firstStart(
  { found }: ReportFacts,
  rounds: readonly ReportedRound[],
  signal: AbortSignal,
): Promise<string | null> {
  const listed = rounds.find(({ round }) => round === 0);
  return listed?.startedAt ?? (await readSummary({ ...found, round: 0 }, signal))?.startedAt ?? null;
}

const throttledClasses: ReadonlySet<FailureClass> = new Set(['SourceThrottled', 'TargetThrottled']);

function reportedRetries({ work }: ReportSums): ReportedRetries {
  const { recordedUnits, units, requests, classes } = work.retries;
  const throttled = classes
    .filter((each) => throttledClasses.has(each.class))
    .reduce((sum, each) => sum + each.requests, 0);
  return { recordedUnits, units, requests, throttled, classes };
}

function reportedCost({ found, sums, prices }: ReportFacts): ReportedCost {
  const storageClass = found.staged.record.definition.target.storageClass ?? 'STANDARD';
  const { requests, movedBytes } = sums.work;
  const { count, blobs, bytes } = sums.units.objects;
  const moved = { units: count, blobs, bytes: movedBytes, targetBytes: bytes.target };
  return {
    prices: { date: prices.date, currency: prices.currency, storageClass },
    requests,
    egressBytes: movedBytes,
    amounts: planCost({ moved, requests }, prices, storageClass) ?? null,
  };
}
