import { numberPattern } from './patterns.js';
import { evenIfWrong, section } from './section.js';
import { filledTemplate } from './texts.js';

/** `expect`: when a unit is complete. */
export const expectSchema = section({
  blobs: filledTemplate.describe('Exact number of blobs, or a template that gives it').exactOptional(),
  min: filledTemplate.exactOptional(),
  max: filledTemplate.exactOptional(),
  sequence: numberPattern.describe('The captured numbers must be without a gap').exactOptional(),
}).superRefine((expect: Partial<Record<string, unknown>>, context) => {
  if (expect['blobs'] === undefined || (expect['min'] ?? expect['max']) === undefined) return;
  context.addIssue({
    code: 'custom',
    message: '`blobs` is the exact number; it cannot be combined with `min` or `max`',
  });
}, evenIfWrong);
