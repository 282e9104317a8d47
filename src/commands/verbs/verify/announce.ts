import { defaultPrices } from '../../../planning/default-prices.js';
import { verificationEstimate } from '../../../planning/verification-estimate.js';
import type { MigrationRecord } from '../../../domain/stored/migration-record.js';
import { formatBytes, formatCount, formatDuration } from '../../../domain/text/format.js';

const archives: ReadonlySet<string | undefined> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Says what a verification is about to do, and what that takes. */
export function announcement({ layout, verify }: Pick<MigrationRecord, 'layout' | 'verify'>): string {
  if (verify === undefined) throw new RangeError('this is not a verification');
  const { readBack, settings } = verify;
  const { requests, cost, seconds } = verificationEstimate(verify, layout.units, defaultPrices);
  const { currency, date } = defaultPrices;
  const read =
    readBack.objects === 0
      ? ''
      : `, ${formatCount(readBack.objects)} of them read back and unpacked (${formatBytes(readBack.bytes)})`;
  const money = cost < 0.01 ? `below 0.01 ${currency}` : `${cost.toFixed(2)} ${currency}`;
  const transfer = readBack.objects === 0 ? '' : ', and the transfer of the bytes where the workers are elsewhere';
  const named = [...new Set(settings.map(({ storageClass }) => storageClass).filter((each) => archives.has(each)))];
  return [
    `Verifying ${formatCount(layout.units)} ${layout.units === 1 ? 'object' : 'objects'}${read}.`,
    `Requests: ${formatCount(requests)}, in about ${formatDuration(seconds * 1_000)}; ` +
      `they cost ${money} with the list prices of ${date}${transfer}.`,
    ...(readBack.objects > 0 && named.length > 0
      ? [`Objects of class ${named.join(', ')} cannot be read back before they are restored: they only get a HEAD.`]
      : []),
  ].join('\n');
}
