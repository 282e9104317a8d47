import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { SeenFault } from './play-fault.js';

const path = new URL('../../../docs/cluster.md', import.meta.url).pathname;
const [begin, end] = ['<!-- faults: begin -->\n', '<!-- faults: end -->'];
const head = ['fault', 'back', 'next object', 'next slice', 'slices that others took over', 'these, from the fault'];

/** Prints what was seen of a fault. With UPDATE_REPORT=1, its row in docs/cluster.md is replaced, or added. */
export async function reportFault(fault: string, seen: SeenFault): Promise<void> {
  console.log(`${fault}: ${JSON.stringify(seen)}`);
  if (process.env['UPDATE_REPORT'] !== '1') return;
  const text = readFileSync(path, 'utf8');
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  const rows = text
    .slice(from, to)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  const row = cells([fault, ...figures(seen)]);
  const at = rows.findIndex((line) => line.split('|')[1]?.trim() === fault);
  if (at === -1) rows.push(row);
  else rows[at] = row;
  const table = [cells(head), cells(head.map(() => '---')), ...rows].join('\n');
  const whole = `${text.slice(0, from)}\n${table}\n\n${text.slice(to)}`;
  writeFileSync(path, await format(whole, { ...(await resolveConfig(path)), parser: 'markdown' }));
}

function figures({ back, nextObject, nextSlice, slicesOpen, takenOver }: SeenFault): readonly string[] {
  const s = (seconds: number): string => `${seconds.toFixed(1)} s`;
  const [first, last] = [takenOver[0], takenOver.at(-1)];
  return [
    back === undefined ? 'never' : s(back),
    s(nextObject),
    nextSlice === undefined ? '–' : s(nextSlice),
    `${String(takenOver.length)} of ${String(slicesOpen)}`,
    first === undefined || last === undefined ? '–' : `${s(first)} to ${s(last)}`,
  ];
}

function cells(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`;
}
