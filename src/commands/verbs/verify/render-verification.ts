import { formatBytes, formatCount } from '../../../domain/text/format.js';
import { alignRows } from '../../screen/align-rows.js';
import type { Naming } from '../../status/next-step.js';
import { shellWord } from '../../screen/shell-word.js';
import type { VerificationDocument } from './verification-document.js';

// A terminal has few lines. `failures verify/NAME` and `--json` have the rest.
const differencesShown = 20;
const shapesShown = 10;

/** Renders a verification for people. */
export function renderVerification(found: VerificationDocument, { invocation, operand }: Naming): string {
  const different = found.objects - found.intact;
  return [
    `Verification of ${found.name}: ${objectsText(found.objects)}, ${differText(found.objects, different)}.`,
    '',
    ...alignRows(figureRows(found)),
    ...differenceLines(found),
    ...additionalLines(found),
    ...(different === 0
      ? []
      : [
          '',
          `To list all: \`${invocation} failures ${found.workflowId}\``,
          `To repair:   \`${invocation} retry ${shellWord(operand)}\``,
        ]),
  ].join('\n');
}

function differText(objects: number, different: number): string {
  if (different === 0) return objects === 1 ? 'as it was written' : 'all as they were written';
  return `${formatCount(different)} ${different === 1 ? 'differs' : 'differ'}`;
}

function figureRows({ objects, intact, readBack, since }: VerificationDocument): readonly (readonly string[])[] {
  return [
    ['  compared', `${objectsText(objects)}${since === null ? '' : `, published since ${since}`}`],
    ['  intact', objectsText(intact)],
    ['  read back', readBackText(readBack)],
    ...(readBack.archived === 0
      ? []
      : [['  archived', `${objectsText(readBack.archived)} could not be read back: restore them first`]]),
  ];
}

function readBackText({ objects, bytes, sample, seed }: VerificationDocument['readBack']): string {
  if (sample === null) return 'none (--sample or --full)';
  const chosen = sample === '100%' ? '' : `, a sample of ${sample} chosen by seed ${String(seed)}`;
  return `${objectsText(objects)}, ${formatBytes(bytes)}${chosen}`;
}

function differenceLines({ differences, first, objects, intact }: VerificationDocument): readonly string[] {
  if (differences.length === 0) return [];
  const shown = first.slice(0, differencesShown);
  const more = objects - intact - shown.length;
  return [
    '',
    'Differences:',
    ...alignRows(differences.map((each) => [`  ${formatCount(each.objects)}`, each.class, each.next])),
    '',
    ...shown.map(({ id, class: name, message }) => `  ${id}: ${name}: ${message}`),
    ...(more > 0 ? [`  … and ${formatCount(more)} more`] : []),
  ];
}

function additionalLines({ additional }: VerificationDocument): readonly string[] {
  if (additional.objects === 0) return [];
  const amount = `${objectsText(additional.objects)} (${formatBytes(additional.bytes)})`;
  const shapes = additional.prefixes.flatMap((each) => each.shapes).sort((a, b) => b.objects - a.objects);
  const lists = additional.prefixes.flatMap(({ list }) => (list === null ? [] : [`  all of them: ${list}`]));
  return [
    '',
    `Beside them, ${amount} that no unit names:`,
    ...alignRows(
      shapes
        .slice(0, shapesShown)
        .map(({ shape, objects, bytes, first }) => [
          `  ${formatCount(objects)}`,
          formatBytes(bytes),
          shape,
          first[0] === undefined ? '' : `such as ${first[0]}`,
        ]),
    ),
    ...(shapes.length > shapesShown ? [`  … and ${formatCount(shapes.length - shapesShown)} more shapes`] : []),
    ...lists.slice(0, shapesShown),
  ];
}

function objectsText(objects: number): string {
  return `${formatCount(objects)} ${objects === 1 ? 'object' : 'objects'}`;
}
