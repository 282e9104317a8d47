import type { DemoDataSummary } from '../../../local/demo-data/generate-demo-data.js';
import type { CommandContext } from '../../ports/context.js';
import { formatBytes, formatCount, formatDuration, formatPerSecond } from '../../../domain/text/format.js';
import { shellLine, stateDirOption } from '../../stack/shell-line.js';
import { shellWord } from '../../screen/shell-word.js';
import type { StatusDocument } from '../../status/status-document.js';
import type { Style } from '../../ports/text-output.js';
import type { Verification } from './verify-objects.js';

/** The outcome of a demo. */
export interface DemoOutcome {
  readonly document: StatusDocument;
  readonly data: DemoDataSummary;
  readonly verification: Verification;
  /** From the first line to the last. */
  readonly wallMs: number;
}

/** Renders the outcome of a demo, for people. */
export function renderDemo({ document, data, verification, wallMs }: DemoOutcome, style: Style): string {
  const { units, blobs, bytes, rate } = document;
  const verdict =
    verification.differences === 0
      ? style.good(
          `Verified: ${formatCount(verification.objects)} objects, neither more nor fewer, were read back; length ` +
            'and SHA-256 match the generated text.',
        )
      : style.bad(`Verification found ${formatCount(verification.differences)} differences:`);
  return [
    verdict,
    ...verification.firstDifferences.map((difference) => `  ${difference}`),
    `  ${formatCount(units.done)} units of ${formatCount(blobs.done)} blobs, ` +
      formatPerSecond(rate.blobsPerSecond, 'blobs'),
    `  ${formatBytes(bytes.source)} in, ${formatBytes(bytes.raw)} uncompressed, ${formatBytes(bytes.target)} out`,
    `  ${formatDuration(wallMs)} in all, including ${formatCount(data.blobs + data.neighbours)} blobs to generate`,
    `  migration file  ${data.migrationPath}`,
    `  units file      ${data.unitsPath}`,
  ].join('\n');
}

/** Renders what to try after a demo, and how to stop it. */
export function renderNextSteps(
  context: Pick<CommandContext, 'invocation'>,
  demo: {
    readonly name: string;
    readonly migrationPath: string;
    readonly webUi: string | null;
    readonly workersPid: number | null;
    readonly stateDir: string | undefined;
  },
): string {
  const { invocation } = context;
  const steps: (readonly [string, string])[] = [
    [shellLine(context, demo.stateDir), 'first of all: lets this shell use the local stack'],
    [`${invocation} status ${demo.name}`, 'where the migration stands'],
    [
      `${invocation} start ${shellWord(demo.migrationPath)} --watch`,
      'starts it again: everything is done, so nothing moves',
    ],
    [
      `${invocation} init try --from-demo${stateDirOption(demo.stateDir)}`,
      'a small migration of the same data, for you to change and start',
    ],
    ...(demo.workersPid === null
      ? []
      : [
          [
            `kill -9 ${String(demo.workersPid)}`,
            `while another demo runs: \`${invocation} dev up${stateDirOption(demo.stateDir)}\` restarts the workers, ` +
              'and nothing is lost',
          ] as const,
        ]),
    [`${invocation} dev down${stateDirOption(demo.stateDir)}`, 'stops the local stack; its data stays'],
  ];
  return [
    'What to try next:',
    ...(demo.webUi === null ? [] : [`  ${demo.webUi}`, '      the migration in the Web UI']),
    ...steps.flatMap(([line, does]) => [`  ${line}`, `      ${does}`]),
  ].join('\n');
}
