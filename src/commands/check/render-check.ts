import { type Probe, probeGroup, probeGroups } from '../../domain/probe.js';
import type { Style } from '../ports/text-output.js';
import { formatBytes, formatCount, formatDuration } from '../../domain/text/format.js';
import { shellWord } from '../screen/shell-word.js';
import { type CheckReport, type PlacedProbe, worstVerdict } from './check-document.js';
import type { RunEstimate } from './estimate-run.js';

/** Renders a check: every probe with its verdict, by group, and what to do. */
export function renderCheck(report: CheckReport, style: Style, invocation: string): string {
  const { path, name, probes } = report;
  const groups = probeGroups.flatMap((group) => {
    const inGroup = probes.filter((probe) => probeGroup(probe) === group);
    if (inGroup.length === 0) return [];
    // Without a worker, all of it is from here.
    const isFromHere = group === 'target' && inGroup.every(({ from }) => from.length === 1 && from[0] === 'here');
    const rows = inGroup.flatMap((each) => lines(each, style, isFromHere || group !== 'target'));
    return ['', style.bold(`${titles[group]}${isFromHere ? ', from here only' : ''}`), ...rows];
  });
  const title = name === undefined ? path : `${path}: migration ${name}`;
  return [title, ...groups, '', ...endLines(report, invocation)].join('\n');
}

const titles = { file: 'File', source: 'Source', target: 'Target', temporal: 'Temporal' } as const;
const words = { ok: 'ok', warning: 'warning', failed: 'failed', unchecked: 'not checked' } as const;
const wordWidth = Math.max(...Object.values(words).map((word) => word.length));
const indent = ' '.repeat(wordWidth + 4);

function lines(probe: PlacedProbe, style: Style, isPlaceKnown: boolean): readonly string[] {
  const { verdict, what, message, fix } = probe;
  const word = painted(style, verdict, words[verdict].padEnd(wordWidth));
  const [first = '', ...more] = `${what}${isPlaceKnown ? '' : onlyFrom(probe)}: ${message}`.split('\n');
  return [
    `  ${word}  ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(fix === undefined ? [] : [`${indent}next: ${fix}`]),
  ];
}

function painted(style: Style, verdict: Probe['verdict'], word: string): string {
  switch (verdict) {
    case 'ok':
      return style.good(word);
    case 'warning':
      return style.warn(word);
    case 'failed':
      return style.bad(word);
    case 'unchecked':
      return style.dim(word);
  }
}

/** Accounts are always probed by workers, and the file here. Only of the target it matters where. */
function onlyFrom({ from }: PlacedProbe): string {
  if (from.length === 2) return '';
  return from[0] === 'here' ? ' (from here)' : ' (from a worker)';
}

function endLines({ path, estimate, probes }: CheckReport, invocation: string): readonly string[] {
  const counts = (Object.keys(words) as Probe['verdict'][]).flatMap((verdict) => {
    const count = probes.filter((probe) => probe.verdict === verdict).length;
    const plural = verdict === 'warning' && count > 1 ? 's' : '';
    return count === 0 ? [] : [`${String(count)} ${words[verdict]}${plural}`];
  });
  const command = (verb: string): string => `\`${invocation} ${verb} ${shellWord(path)}\``;
  const next =
    worstVerdict(probes) === 'failed'
      ? `correct what failed, then run ${command('check')} again`
      : `${command('plan')} for sizes and gaps, or ${command('start')}`;
  const size = estimate === undefined ? [] : [estimateText(estimate)];
  return [...size, `${counts.join(', ')}.`, `next: ${next}`];
}

function estimateText({ blobs, bytes, durationMs, processes }: RunEstimate): string {
  const workers = `${String(processes)} worker process${processes === 1 ? '' : 'es'}`;
  return (
    `About ${formatCount(blobs)} blobs of ${formatBytes(bytes)} in all, some ${formatDuration(durationMs)} ` +
    `with ${workers}: a guess from a few units.`
  );
}
