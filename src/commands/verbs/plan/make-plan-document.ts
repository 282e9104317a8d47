import type { MigrationRecord, SummaryRecord } from '../../../domain/stored/migration-record.js';
import { plannedMigration } from '../../../domain/ids.js';
import { verdicts, type JudgedUnit, type Verdict } from '../../../planning/judge-unit.js';
import { planCost } from '../../../planning/plan-cost.js';
import { extrapolate, PlanSums, type PlanTotals } from '../../../planning/plan-sums.js';
import { defaultPrices } from '../../../planning/default-prices.js';
import type { Prices } from '../../../planning/prices.js';
import type { GatheredPlan } from './gather-plan.js';
import type { UnclaimedDocument } from '../../unclaimed/unclaimed-document.js';
import { listedUnit, type PlanDocument, type PlanTime } from './plan-document.js';

/** What a plan's document is made of. */
export interface PlanFacts {
  readonly record: MigrationRecord;
  readonly summary: SummaryRecord;
  readonly gathered: GatheredPlan;
  readonly prices: Prices;
  readonly rate: Pick<PlanTime, 'blobsPerSecond' | 'basis'>;
  readonly unclaimed: UnclaimedDocument | undefined;
}

// As many as people read. The table of units has them all.
const concernsMax = 100;

/** Adds up the units of a plan. Memory does not grow with their number. */
export async function makePlanDocument(facts: PlanFacts): Promise<PlanDocument> {
  const { record, summary, prices, rate } = facts;
  const { definition, layout, plan } = record;
  const of = plan?.of ?? layout.units;
  const { totals, concerns } = await addUp(facts);
  const whole = extrapolate(totals, { units: layout.units, of });
  const storageClass = definition.target.storageClass ?? 'STANDARD';
  const cost = planCost(whole, prices, storageClass) ?? null;
  return {
    name: plannedMigration(record.name) ?? record.name,
    workflowId: record.name,
    plan: record.round,
    startedAt: summary.startedAt,
    endedAt: summary.endedAt,
    units: { total: of, planned: layout.units, seed: layout.units === of ? null : (plan?.seed ?? null) },
    verdicts: totals.verdicts,
    wouldFail: totals.failing,
    ...{ moved: whole.moved, requests: whole.requests },
    prices: {
      ...{ date: prices.date, currency: prices.currency, storageClass },
      basis: prices === defaultPrices ? 'list' : 'given',
    },
    cost,
    time: { ...rate, seconds: Math.ceil(whole.moved.blobs / rate.blobsPerSecond) },
    largest: totals.largest.map(listedUnit),
    concerns: concerns.map(listedUnit),
    remarks: [
      ...(facts.gathered.usual.changesRecently
        ? ['Most units had a blob that was less than an hour old: something still writes to the source.']
        : []),
      ...(cost === null ? [`The price list has no storage class ${storageClass}, so no cost is shown.`] : []),
    ],
    unclaimed: facts.unclaimed ?? null,
  };
}

async function addUp({
  gathered,
  prices,
}: PlanFacts): Promise<{ readonly totals: PlanTotals; readonly concerns: readonly JudgedUnit[] }> {
  const sums = new PlanSums(prices.targetBytesPerSourceByte);
  const first = new Map<Verdict, JudgedUnit[]>();
  for await (const unit of gathered.units()) {
    sums.add(unit);
    const listed = first.get(unit.verdict) ?? [];
    if (unit.verdict !== 'ready' && listed.length < concernsMax) first.set(unit.verdict, [...listed, unit]);
  }
  const concerns = verdicts.flatMap((verdict) => first.get(verdict) ?? []).slice(0, concernsMax);
  return { totals: sums.totals, concerns };
}
