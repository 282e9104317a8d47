import { formatCount } from '../../domain/text/format.js';
import type { ReportDocument } from './report-document.js';

/** How a migration stands, in a sentence or two, and whether that is good. */
export interface ReportVerdict {
  readonly tone: 'good' | 'bad' | 'warn';
  readonly text: string;
}

/** Says how a migration stands. */
export function reportVerdict({ phase, failure, units, objects }: ReportDocument): ReportVerdict {
  const { total, empty, failed, open } = units;
  const ended = `${formatCount(total - open)} of ${formatCount(total)} units have ended, ${formatCount(failed)} of them failed.`;
  switch (phase) {
    case 'completed':
      return {
        tone: 'good',
        text: `All ${formatCount(total)} units have ended: ${formatCount(objects.count)} objects are proven in place, ${formatCount(empty)} units had no blob.`,
      };
    case 'completed-with-failures':
      return {
        tone: 'bad',
        text: `It has ended, and ${formatCount(failed)} of ${formatCount(total)} units have failed.`,
      };
    case 'failed': {
      const why = failure === null ? '' : `: ${failure.class === null ? '' : `${failure.class}: `}${failure.message}`;
      return { tone: 'bad', text: `It has failed${why}. ${ended}` };
    }
    case 'cancelled':
      return { tone: 'warn', text: `It was cancelled. ${ended}` };
    default:
      return { tone: 'warn', text: `It has not ended yet: ${phase}. ${ended}` };
  }
}
