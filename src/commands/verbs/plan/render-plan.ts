import { verdicts, type Verdict } from '../../../planning/judge-unit.js';
import { alignRows } from '../../screen/align-rows.js';
import { formatBytes, formatCount, formatDuration } from '../../../domain/text/format.js';
import { blobsText } from './blobs-text.js';
import { renderUnclaimed } from './render-unclaimed.js';
import { moneyText } from '../../prices/money-text.js';
import type { ListedUnit, PlanDocument } from './plan-document.js';

// A terminal has few lines. `-o` and `--csv` have the rest.
const concernsShown = 20;

/** Renders a plan for people. */
export function renderPlan(plan: PlanDocument): string {
  return [
    `Plan of ${plan.name}: ${unitsText(plan)}.`,
    '',
    ...alignRows([
      ['  UNITS', '', 'BLOBS', 'BYTES'],
      ...verdicts
        .filter((verdict) => plan.verdicts[verdict].units > 0)
        .map((verdict) => verdictRow(verdict, plan.verdicts[verdict])),
    ]),
    '',
    ...alignRows(figureRows(plan)),
    ...section('Largest units:', plan.largest.map(largestRow)),
    ...section('To look at:', plan.concerns.slice(0, concernsShown).map(concernRow)),
    ...more(plan),
    ...plan.remarks.map((remark) => `\n${remark}`),
    ...(plan.unclaimed === null ? [] : renderUnclaimed(plan.unclaimed)),
  ].join('\n');
}

/** Says how many units were looked at. */
export function unitsText({ units: { total, planned, seed } }: Pick<PlanDocument, 'units'>): string {
  if (seed === null) return `${formatCount(total)} units, all looked at`;
  return `${formatCount(planned)} of ${formatCount(total)} units looked at, chosen by seed ${String(seed)}`;
}

/** Says how long the migration takes, and where that rate is from. */
export function timeText({ time: { seconds, blobsPerSecond, basis } }: Pick<PlanDocument, 'time'>): string {
  const rate = `${formatCount(blobsPerSecond)} blobs/s`;
  const words = {
    given: rate,
    measured: `${rate}, as in the last round`,
    assumed: `${rate}, a guess: see --blob-rate`,
  };
  return `${formatDuration(seconds * 1_000)} at ${words[basis]}`;
}

/** Returns the lines of the cost, each with what it is for. Empty if it is not known. */
export function costRows({ cost, prices, moved, requests }: PlanDocument): readonly (readonly [string, string])[] {
  if (cost === null) return [];
  const { currency, date, storageClass, basis } = prices;
  const pricesText = basis === 'given' ? `the prices of ${date}` : `list prices of ${date}, a guess: see --prices`;
  const money = (amount: number): string => moneyText(amount, currency);
  return [
    ['reads', `${money(cost.reads)} for ${formatCount(requests.reads + requests.sourceHeads)} requests`],
    ['lists', `${money(cost.lists)} for ${formatCount(requests.lists)} requests`],
    ['egress', `${money(cost.egress)} for ${formatBytes(moved.bytes)}`],
    ['target', `${money(cost.targetRequests)} for ${formatCount(requests.puts + requests.targetHeads)} requests`],
    ['together', `${money(cost.total)} with ${pricesText}`],
    ['then', `${money(cost.storagePerMonth)} a month for ${formatBytes(moved.targetBytes)} in ${storageClass}`],
  ];
}

function figureRows(plan: PlanDocument): readonly (readonly string[])[] {
  const { moved } = plan;
  const expected = plan.units.seed === null ? '' : ', expected of all units';
  const amount = `${formatCount(moved.units)} units, ${blobsText(moved.blobs)}, ${formatBytes(moved.bytes)}`;
  return [
    ['  moved', `${amount}${expected}`],
    ...costRows(plan).map(([name, text]) => [`  ${name}`, text]),
    ['  time', timeText(plan)],
  ];
}

function verdictRow(verdict: Verdict, { units, blobs, bytes }: PlanDocument['verdicts'][Verdict]): readonly string[] {
  return [`  ${formatCount(units)}`, verdict, formatCount(blobs), formatBytes(bytes)];
}

function largestRow({ id, blobs, bytes }: ListedUnit): readonly string[] {
  return [`  ${formatBytes(bytes)}`, blobsText(blobs), id];
}

function concernRow({ id, verdict, reasons }: ListedUnit): readonly string[] {
  return [`  ${verdict}`, id, reasons.join('; ')];
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : ['', title, ...alignRows(rows)];
}

function more({ verdicts: by, concerns }: PlanDocument): readonly string[] {
  const all = verdicts.reduce((sum, verdict) => sum + (verdict === 'ready' ? 0 : by[verdict].units), 0);
  const left = all - Math.min(concerns.length, concernsShown);
  return left > 0 ? [`  … and ${formatCount(left)} more; --csv or -o lists them all`] : [];
}
