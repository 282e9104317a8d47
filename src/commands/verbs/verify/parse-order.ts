import type { VerificationOrder } from '../../../staging/stage-verification.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import type { OptionValues } from '../../option-table.js';
import { parseSample } from '../../migration/parse-sample.js';

/** Reads which objects to verify and how. Rejects with status 2 if the options make no sense. */
export function parseOrder({
  readBack,
  seed,
  full,
  since,
}: Pick<OptionValues, 'readBack' | 'seed' | 'full' | 'since'>): VerificationOrder {
  if (full && readBack !== undefined)
    throw new CommandError(exitStatus.usage, '--full reads back all objects, and --sample some of them', {
      next: 'give one of the two',
    });
  const sample = full ? '100%' : readBack;
  return {
    ...(sample !== undefined && { sample }),
    sampleOf: sample === undefined ? () => 0 : parseSample(sample),
    seed,
    ...(since !== undefined && { since: parseTime(since) }),
  };
}

/** Reads a date or a time, which is UTC unless it says otherwise. Returns ISO 8601, UTC. */
function parseTime(text: string): string {
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const zoned = /T.*(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const ms = isTime ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new CommandError(exitStatus.usage, `--since ${text} is neither a date nor a time`, {
    next: 'give a date such as 2026-01-31, or a time such as 2026-01-31T04:30:00Z',
  });
}
