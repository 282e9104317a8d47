import { numberPattern } from './patterns.js';
import { evenIfWrong, section } from './section.js';
import { filledTemplate } from './texts.js';

/** `expect`: when a unit is complete. */
export const expectSchema = section({
  blobs: filledTemplate
    .describe('The exact number of blobs, or a template for it. Default: any number')
    .exactOptional(),
  min: filledTemplate.describe('Least number of blobs, or a template for it. Default: none').exactOptional(),
  max: filledTemplate.describe('Most blobs, or a template for their number. Default: no limit').exactOptional(),
  sequence: numberPattern
    .describe(
      'Regular expression with one group; the numbers it captures must have no gap. Where they decrease in the ' +
        'joined order, the receipt has a note. Default: none',
    )
    .exactOptional(),
}).superRefine((expect: Partial<Record<string, unknown>>, context) => {
  if (expect['blobs'] === undefined || (expect['min'] ?? expect['max']) === undefined) return;
  context.addIssue({
    code: 'custom',
    message: '`blobs` is the exact number; it cannot be combined with `min` or `max`',
  });
}, evenIfWrong);
