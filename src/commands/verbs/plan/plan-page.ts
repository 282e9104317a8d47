import { Liquid } from 'liquidjs';
import type { BlobAmount } from '../../../domain/stored/unclaimed-records.js';
import { verdicts } from '../../../planning/judge-unit.js';
import { formatBytes, formatCount } from '../../../domain/text/format.js';
import type { UnclaimedDocument } from '../../unclaimed/unclaimed-document.js';
import { unclaimedRemarks } from '../../unclaimed/unclaimed-remarks.js';
import type { ListedUnit, PlanDocument } from './plan-document.js';
import { costRows, timeText, unitsText } from './render-plan.js';

/** Renders a plan as one HTML page that needs nothing else: no script, no network. Every value is escaped. */
export async function planPage(plan: PlanDocument): Promise<string> {
  const engine = new Liquid({ outputEscape: 'escape', strictVariables: true, strictFilters: true });
  return String(await engine.parseAndRender(template, view(plan)));
}

function view(plan: PlanDocument): object {
  const { moved, requests, remarks } = plan;
  return {
    name: plan.name,
    heading: `Plan of ${plan.name}`,
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

const template = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ heading }}</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#ccd, #445); --soft: light-dark(#f4f5f8, #1d2129); }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
  table { border-collapse: collapse; margin: 0.5rem 0 2rem; width: 100%; }
  caption { text-align: left; font-weight: 600; font-size: 1.15rem; padding: 0.5rem 0; }
  th, td { border-bottom: 1px solid var(--line); padding: 0.35rem 0.75rem; text-align: left; vertical-align: top; }
  thead th { background: var(--soft); }
  .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  td.text { overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>{{ heading }}</h1>
<p>{{ units }}. Ended {{ endedAt }}.</p>
{% for remark in remarks %}<p><strong>{{ remark }}</strong></p>
{% endfor %}<table>
<caption>Units by verdict</caption>
<thead><tr><th scope="col">Verdict</th><th scope="col" class="number">Units</th>
<th scope="col" class="number">Blobs</th><th scope="col" class="number">Bytes</th></tr></thead>
<tbody>
{% for row in verdicts %}<tr><th scope="row">{{ row.verdict }}</th><td class="number">{{ row.units }}</td>
<td class="number">{{ row.blobs }}</td><td class="number">{{ row.bytes }}</td></tr>
{% endfor %}</tbody>
</table>
<table>
<caption>What would be moved{% if expected %}, expected of all units{% endif %}</caption>
<tbody>
<tr><th scope="row">Units</th><td class="number">{{ moved.units }}</td></tr>
<tr><th scope="row">Blobs</th><td class="number">{{ moved.blobs }}</td></tr>
<tr><th scope="row">Bytes at the source</th><td class="number">{{ moved.bytes }}</td></tr>
<tr><th scope="row">Bytes at the target, about</th><td class="number">{{ moved.targetBytes }}</td></tr>
{% for row in requests %}<tr><th scope="row">{{ row[0] }}</th><td class="number">{{ row[1] }}</td></tr>
{% endfor %}</tbody>
</table>
<table>
<caption>Cost and time</caption>
<tbody>
{% for row in cost %}<tr><th scope="row">{{ row[0] }}</th><td>{{ row[1] }}</td></tr>
{% endfor %}<tr><th scope="row">time</th><td>{{ time }}</td></tr>
</tbody>
</table>
<table>
<caption>Largest units</caption>
<thead><tr><th scope="col">Unit</th><th scope="col">Target key</th>
<th scope="col" class="number">Blobs</th><th scope="col" class="number">Bytes</th></tr></thead>
<tbody>
{% for unit in largest %}<tr><th scope="row">{{ unit.id }}</th><td class="text">{{ unit.key }}</td>
<td class="number">{{ unit.blobs }}</td><td class="number">{{ unit.bytes }}</td></tr>
{% endfor %}</tbody>
</table>
{% if concerns.size > 0 %}<table>
<caption>Units to look at</caption>
<thead><tr><th scope="col">Unit</th><th scope="col">Verdict</th><th scope="col">Why</th></tr></thead>
<tbody>
{% for unit in concerns %}<tr><th scope="row">{{ unit.id }}</th><td>{{ unit.verdict }}</td>
<td class="text">{{ unit.reasons }}</td></tr>
{% endfor %}</tbody>
</table>
{% endif %}{% if unclaimed != null %}<table>
<caption>Blobs in {{ unclaimed.containers }} containers</caption>
<thead><tr><th scope="col">Blobs</th><th scope="col" class="number">Number</th>
<th scope="col" class="number">Bytes</th></tr></thead>
<tbody>
{% for row in unclaimed.rows %}<tr><th scope="row">{{ row.name }}</th><td class="number">{{ row.blobs }}</td>
<td class="number">{{ row.bytes }}</td></tr>
{% endfor %}</tbody>
</table>
{% for remark in unclaimed.remarks %}<p>{{ remark }}</p>
{% endfor %}{% if unclaimed.shapes.size > 0 %}<table>
<caption>Unclaimed blobs by the shape of their names</caption>
<thead><tr><th scope="col">Account</th><th scope="col">Shape</th><th scope="col" class="number">Blobs</th>
<th scope="col" class="number">Bytes</th><th scope="col">First names</th></tr></thead>
<tbody>
{% for row in unclaimed.shapes %}<tr><td>{{ row.account }}</td><th scope="row">{{ row.shape }}</th>
<td class="number">{{ row.blobs }}</td><td class="number">{{ row.bytes }}</td>
<td class="text">{% for name in row.first %}{{ name }}<br>{% endfor %}</td></tr>
{% endfor %}</tbody>
</table>
{% endif %}{% if unclaimed.twice.size > 0 %}<table>
<caption>Blobs that several units claim</caption>
<thead><tr><th scope="col">Blob</th><th scope="col">Units</th></tr></thead>
<tbody>
{% for row in unclaimed.twice %}<tr><th scope="row">{{ row.blob }}</th><td class="text">{{ row.units }}</td></tr>
{% endfor %}</tbody>
</table>
{% endif %}{% endif %}</main>
</body>
</html>
`;
