import { formatCount } from '../../domain/text/format.js';
import { failureText } from '../status/render-status.js';
import type { ReportDocument } from './report-document.js';

/** How a migration stands, in a sentence or two, and whether that is good. */
export interface ReportVerdict {
  readonly tone: 'good' | 'bad' | 'warn';
  readonly text: string;
}

/** Says how a migration stands. */
export function reportVerdict({ phase, failure, units, objects }: ReportDocument): ReportVerdict {
  const total = formatCount(units.total);
  const ended = formatCount(units.total - units.open);
  const failed = formatCount(units.failed);
  const sofar = `${ended} of ${total} units have ended, ${failed} of them failed.`;
  switch (phase) {
    case 'completed': {
      const inPlace = `${formatCount(objects.count)} objects are proven in place`;
      const text = `All ${total} units have ended: ${inPlace}, ${formatCount(units.empty)} units had no blob.`;
      return { tone: 'good', text };
    }
    case 'completed-with-failures':
      return { tone: 'bad', text: `It has ended, and ${failed} of ${total} units have failed.` };
    case 'failed':
      return { tone: 'bad', text: `It has failed${failure === null ? '' : `: ${failureText(failure)}`}. ${sofar}` };
    case 'cancelled':
      return { tone: 'warn', text: `It was cancelled. ${sofar}` };
    default:
      return { tone: 'warn', text: `It has not ended yet: ${phase}. ${sofar}` };
  }
}
