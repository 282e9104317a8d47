import { z } from 'zod';
import { regexProblem } from '../find/name-test.js';
import { evenIfWrong, section } from './section.js';
import { filledTemplate } from './texts.js';

const sequence = z.string().superRefine((text, context) => {
  const message =
    regexProblem(text) ?? (groupsOf(text) === 1 ? undefined : 'it needs exactly one group, for the number');
  if (message !== undefined) {
    context.addIssue({ code: 'custom', message, params: { hint: String.raw`write it as '-(\d+)\.json\.bz2$'` } });
  }
});

/** `expect`: when a unit is complete. */
export const expectSchema = section({
  blobs: filledTemplate.describe('Exact number of blobs, or a template that gives it').exactOptional(),
  min: filledTemplate.exactOptional(),
  max: filledTemplate.exactOptional(),
  sequence: sequence.describe('The captured numbers must be without a gap').exactOptional(),
}).superRefine((expect: Partial<Record<string, unknown>>, context) => {
  if (expect['blobs'] === undefined || (expect['min'] ?? expect['max']) === undefined) return;
  context.addIssue({
    code: 'custom',
    message: '`blobs` is the exact number; it cannot be combined with `min` or `max`',
  });
}, evenIfWrong);

const groupsOf = (text: string): number => (new RegExp(`${text}|`, 'u').exec('')?.length ?? 1) - 1;
