import { readFileSync } from 'node:fs';
import { formatByteRate, formatCount } from '../../domain/text/format.js';
import { timeChart } from '../charts/time-chart.js';
import { renderPage } from '../page/render-page.js';
import { moneyText } from '../prices/money-text.js';
import { unclaimedRemarks } from '../unclaimed/unclaimed-remarks.js';
import { reportVerdict } from './report-verdict.js';
import type { ReportDocument, ReportedThroughput } from './report-document.js';

/** Renders a report as one page of HTML. `command` is how the user names the program and the migration. */
export async function reportPage(report: ReportDocument, command: ReportCommand): Promise<string> {
  const template = readFileSync(new URL('report.liquid', import.meta.url), 'utf8');
  const money = (amount: number): string => moneyText(amount, report.cost.prices.currency);
  return await renderPage({ template, view: { ...report, ...view(report, command) }, formats: { money } });
}

/** The commands that a page names. */
export interface ReportCommand {
  /** How the user called the program, `longhaul` or `npx longhaul`. */
  readonly invocation: string;
  /** NAME or FILE, as a word of a shell. */
  readonly operand: string;
}

function view(report: ReportDocument, { invocation, operand }: ReportCommand) {
  const { units, sizes, cost, leftBehind } = report;
  return {
    title: `Migration ${report.name}`,
    verdict: reportVerdict(report),
    troubles: [...report.blocked, ...report.waiting].map(
      ({ what, class: failureClass, message, since }) => `${what}: ${failureClass}: ${message} (since ${since})`,
    ),
    ended: units.total - units.open,
    roundRows: report.rounds.map((round) => ({ ...round, tookMs: between(round.startedAt, round.endedAt) })),
    charts: report.throughput.filter(({ steps }) => steps.length > 0).map(chartsOf),
    spreadRows: [
      { name: 'Bytes at the source', of: sizes.sourceBytes },
      { name: 'Bytes uncompressed', of: sizes.rawBytes },
      { name: 'Bytes at the target', of: sizes.objectBytes },
    ],
    slowRows: report.slowest.map((unit) => ({ ...unit, tookMs: unit.seconds * 1_000 })),
    targetRequests: cost.requests.puts + cost.requests.targetHeads,
    unclaimedRemarks: leftBehind.unclaimed === null ? [] : unclaimedRemarks(leftBehind.unclaimed),
    lines: {
      failures: `${invocation} failures ${operand}`,
      verify: `${invocation} verify ${operand}`,
      unclaimed: `${invocation} plan FILE --unclaimed`,
    },
  };
}

/** Steps are whole seconds, minutes, hours or days. */
function stepText(seconds: number): string {
  const [name, length] = (
    [
      ['day', 86_400],
      ['hour', 3_600],
      ['minute', 60],
    ] as const
  ).find(([, each]) => seconds % each === 0) ?? ['second', 1];
  const count = seconds / length;
  return `${String(count)} ${name}${count === 1 ? '' : 's'}`;
}

function between(from: string, to: string | null): number | null {
  return to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));
}

function chartsOf({ round, stepSeconds, steps, untimed }: ReportedThroughput) {
  const stepMs = stepSeconds * 1_000;
  const valuesOf = (value: (step: ReportedThroughput['steps'][number]) => number) =>
    steps.map((step) => ({ atMs: Date.parse(step.at), value: value(step) }));
  const chart = (title: string, more: Pick<Parameters<typeof timeChart>[0], 'steps' | 'isWhole' | 'format'>) => ({
    title,
    svg: timeChart({ label: `${title} in round ${String(round)}, over time`, stepMs, ...more }),
  });
  const hasRetries = steps.some(({ retries }) => retries > 0);
  return {
    ...{ round, step: stepText(stepSeconds), steps, untimed },
    charts: [
      chart('Bytes read and moved per second', {
        steps: valuesOf(({ sourceBytes }) => sourceBytes / stepSeconds),
        format: formatByteRate,
      }),
      chart('Units ended per step', { steps: valuesOf(({ units }) => units), isWhole: true, format: formatCount }),
      ...(hasRetries
        ? [
            chart('Repeated requests per step', {
              steps: valuesOf(({ retries }) => retries),
              isWhole: true,
              format: formatCount,
            }),
          ]
        : []),
    ],
  };
}
