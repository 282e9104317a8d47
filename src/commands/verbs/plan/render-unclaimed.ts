import { alignRows } from '../../screen/align-rows.js';
import { formatBytes, formatCount } from '../../../domain/text/format.js';
import { blobsText } from './blobs-text.js';
import type { UnclaimedDocument } from '../../unclaimed/unclaimed-document.js';
import { unclaimedRemarks } from '../../unclaimed/unclaimed-remarks.js';

// A terminal has few lines. `-o` has the rest.
const shapesShown = 20;
const twiceShown = 5;

/** Renders what no unit claims, for people: a blank line, then the rest. */
export function renderUnclaimed(unclaimed: UnclaimedDocument): readonly string[] {
  const { containers, claimed, twice, gone, unknownUnits, missingContainers } = unclaimed;
  const { shapes, moreShapes } = unclaimed;
  const left = shapes.length - shapesShown + moreShapes;
  return [
    '',
    ...alignRows([
      [`  IN ${formatCount(containers)} CONTAINERS`, 'BLOBS', 'BYTES'],
      ['  claimed by units', formatCount(claimed.blobs), formatBytes(claimed.bytes)],
      ['  by several of them', formatCount(twice.blobs), formatBytes(twice.bytes)],
      ['  unclaimed', formatCount(unclaimed.unclaimed.blobs), formatBytes(unclaimed.unclaimed.bytes)],
    ]),
    ...section(
      'Unclaimed, by shape of the names:',
      shapes
        .slice(0, shapesShown)
        .map(({ account, shape, blobs, bytes, first }) => [
          ...[`  ${blobsText(blobs)}`, formatBytes(bytes), `${account}: ${shape}`],
          first[0] === undefined ? '' : `such as ${first[0]}`,
        ]),
    ),
    ...(left > 0 ? [`  … and ${formatCount(left)} more shapes; --json and -o list more of them`] : []),
    ...section(
      'Claimed by several units:',
      unclaimed.firstTwice.slice(0, twiceShown).map(({ blob, units }) => [`  ${blob}`, units.join(', ')]),
    ),
    ...unclaimedRemarks({ gone, unknownUnits, missingContainers }).map((remark) => `\n${remark}`),
  ];
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : ['', title, ...alignRows(rows)];
}
