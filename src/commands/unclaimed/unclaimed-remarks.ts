import { formatCount } from '../../domain/text/format.js';
import type { UnclaimedDocument } from './unclaimed-document.js';

/** Returns what must be known about figures of unclaimed blobs, one sentence for each. */
export function unclaimedRemarks({
  gone,
  unknownUnits,
  missingContainers,
}: Pick<UnclaimedDocument, 'gone' | 'unknownUnits' | 'missingContainers'>): readonly string[] {
  return [
    ...(gone > 0 ? [`Blobs of units that were deleted before their container was listed: ${formatCount(gone)}.`] : []),
    ...(unknownUnits > 0
      ? [`Units that failed before their blobs were known, and so claim nothing: ${formatCount(unknownUnits)}.`]
      : []),
    ...(missingContainers.length > 0 ? [`These containers do not exist: ${missingContainers.join(', ')}.`] : []),
  ];
}
