import { type Probe, probeGroup, probeGroups } from '../../domain/probe.js';
import type { Style } from '../ports/text-output.js';
import { formatBytes, formatCount, formatDuration } from '../screen/format.js';
import { shellWord } from '../screen/shell-word.js';
import { type CheckReport, type PlacedProbe, worstVerdict } from './check-document.js';

/** Renders a check: every probe with its verdict, by group, and what to do. */
export function renderCheck(report: CheckReport, style: Style, invocation: string): string {
  const { path, name, probes } = report;
  const groups = probeGroups.flatMap((group) => {
    const inGroup = probes.filter((probe) => probeGroup(probe) === group);
    return inGroup.length === 0
      ? []
      : ['', style.bold(titles[group]), ...inGroup.flatMap((each) => lines(each, style))];
  });
  const title = name === undefined ? path : `${path}: migration ${name}`;
  return [title, ...groups, '', ...endLines(report, invocation)].join('\n');
}

const titles = { file: 'File', source: 'Source', target: 'Target', temporal: 'Temporal' } as const;
const words = { ok: 'ok', warning: 'warning', failed: 'failed', unchecked: 'not checked' } as const;
const wordWidth = Math.max(...Object.values(words).map((word) => word.length));
const indent = ' '.repeat(wordWidth + 4);

function lines(probe: PlacedProbe, style: Style): readonly string[] {
  const { verdict, what, message, fix } = probe;
  const paint = { ok: style.good, warning: style.warn, failed: style.bad, unchecked: style.dim }[verdict];
  const [first = '', ...more] = `${what}${onlyFrom(probe)}: ${message}`.split('\n');
  return [
    `  ${paint(words[verdict].padEnd(wordWidth))}  ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(fix === undefined ? [] : [`${indent}next: ${fix}`]),
  ];
}

/** The accounts are looked at by workers and the file here, always; of the target it matters. */
function onlyFrom(probe: PlacedProbe): string {
  if (probeGroup(probe) !== 'target' || probe.from.length === 2) return '';
  return probe.from[0] === 'here' ? ' (from here)' : ' (from a worker)';
}

function endLines({ path, estimate, probes }: CheckReport, invocation: string): readonly string[] {
  const count = (verdict: Probe['verdict']): number => probes.filter((probe) => probe.verdict === verdict).length;
  const warnings = count('warning');
  const counts = [
    `${String(count('ok'))} ok`,
    ...(warnings === 0 ? [] : [`${String(warnings)} warning${warnings === 1 ? '' : 's'}`]),
    ...(count('failed') === 0 ? [] : [`${String(count('failed'))} failed`]),
    ...(count('unchecked') === 0 ? [] : [`${String(count('unchecked'))} not checked`]),
  ];
  const command = (verb: string): string => `\`${invocation} ${verb} ${shellWord(path)}\``;
  const next =
    worstVerdict(probes) === 'failed'
      ? `next: correct what failed, then run ${command('check')} again`
      : `next: ${command('start')}`;
  const size =
    estimate === undefined
      ? []
      : [
          `About ${formatCount(estimate.blobs)} blobs of ${formatBytes(estimate.bytes)}, which take some ` +
            `${formatDuration(estimate.durationMs)} with ${String(estimate.processes)} worker ` +
            `process${estimate.processes === 1 ? '' : 'es'}: a guess from a few units.`,
        ];
  return [...size, `${counts.join(', ')}.`, next];
}
