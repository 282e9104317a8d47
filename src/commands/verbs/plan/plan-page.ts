import { readFileSync } from 'node:fs';
import type { BlobAmount } from '../../../domain/stored/unclaimed-records.js';
import { verdicts } from '../../../planning/judge-unit.js';
import { formatBytes, formatCount } from '../../../domain/text/format.js';
import { renderPage } from '../../page/render-page.js';
import type { UnclaimedDocument } from '../../unclaimed/unclaimed-document.js';
import { unclaimedRemarks } from '../../unclaimed/unclaimed-remarks.js';
import type { ListedUnit, PlanDocument } from './plan-document.js';
import { costRows, timeText, unitsText } from './render-plan.js';

/** Renders a plan as one page of HTML. */
export async function planPage(plan: PlanDocument): Promise<string> {
  const template = readFileSync(new URL('plan.liquid', import.meta.url), 'utf8');
  return await renderPage({ template, view: view(plan) });
}

function view(plan: PlanDocument) {
  const { moved, requests, remarks } = plan;
  return {
    title: `Plan of ${plan.name}`,
    units: unitsText(plan),
    endedAt: plan.endedAt,
    expected: plan.units.seed !== null,
    verdicts: verdicts
      .filter((verdict) => plan.verdicts[verdict].units > 0)
      .map((verdict) => ({ verdict, ...amountCells(plan.verdicts[verdict]) })),
    moved: { ...amountCells(moved), targetBytes: formatBytes(moved.targetBytes) },
    requests: [
      ['Lists at the source', formatCount(requests.lists)],
      ['HEADs at the source', formatCount(requests.sourceHeads)],
      ['Reads at the source', formatCount(requests.reads)],
      ['Puts and parts at the target', formatCount(requests.puts)],
      ['HEADs at the target', formatCount(requests.targetHeads)],
    ],
    cost: costRows(plan),
    time: timeText(plan),
    largest: plan.largest.map(unitCells),
    concerns: plan.concerns.map(unitCells),
    remarks,
    unclaimed: plan.unclaimed === null ? null : unclaimedCells(plan.unclaimed),
  };
}

function unclaimedCells({ containers, claimed, unclaimed, twice, shapes, firstTwice, ...rest }: UnclaimedDocument) {
  const amount = ({ blobs, bytes }: BlobAmount) => ({ blobs: formatCount(blobs), bytes: formatBytes(bytes) });
  return {
    containers: formatCount(containers),
    rows: [
      { name: 'Claimed by units', ...amount(claimed) },
      { name: 'By several of them', ...amount(twice) },
      { name: 'Unclaimed', ...amount(unclaimed) },
    ],
    shapes: shapes.map(({ account, shape, first, ...counts }) => ({ account, shape, first, ...amount(counts) })),
    twice: firstTwice.map(({ blob, units }) => ({ blob, units: units.join(', ') })),
    remarks: unclaimedRemarks(rest),
  };
}

function amountCells({ units, blobs, bytes }: Pick<PlanDocument['moved'], 'units' | 'blobs' | 'bytes'>) {
  return { units: formatCount(units), blobs: formatCount(blobs), bytes: formatBytes(bytes) };
}

function unitCells({ id, key, verdict, blobs, bytes, reasons }: ListedUnit) {
  return { id, key, verdict, blobs: formatCount(blobs), bytes: formatBytes(bytes), reasons: reasons.join('; ') };
}
