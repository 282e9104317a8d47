import { z } from 'zod';
import type { EachDefinition } from '../../domain/definition.js';
import { TemplateError } from '../templates/template-error.js';
import { combinationsMax } from '../find/combinations-max.js';
import { reservedNames } from '../templates/reserved-words.js';
import { section } from './section.js';
import { compileValue } from '../templates/compile-template.js';
import { addTemplateProblem, filledTemplate, textLike } from './texts.js';

const steps = { '1d': 'day', '1h': 'hour', '1mo': 'month' } as const;

const listOfValues = z
  .array(z.string())
  .min(1, { error: 'the list is empty' })
  .transform((values): EachDefinition => ({ kind: 'list', values }));

const rangeOrTemplate = z.string().transform((written, context): EachDefinition => {
  if (/\{[{%]/.test(written)) {
    addTemplateProblem(written, context, compileList);
    return { kind: 'template', template: written };
  }
  const [, first, last] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(written) ?? [];
  const problem =
    first === undefined || last === undefined ? 'neither a range nor a template' : rangeProblem(first, last);
  if (problem === undefined) {
    return { kind: 'range', from: Number(first), to: Number(last), width: first?.length ?? 0 };
  }
  const hint = 'write a list, a range as 01..31, or a template that gives a list: "{{ regions | split: \'|\' }}"';
  context.addIssue({ code: 'custom', message: problem, params: { hint } });
  return z.NEVER;
});

const dates = section({
  from: filledTemplate.describe('First date, or a template that gives it'),
  to: filledTemplate.describe('Last date, included').exactOptional(),
  days: filledTemplate.describe('How many days').exactOptional(),
  step: z.enum(['1d', '1h', '1mo']).default('1d'),
}).transform(({ step, ...written }, context): EachDefinition => {
  if ((written.to === undefined) === (written.days === undefined)) {
    context.addIssue({ code: 'custom', message: 'give either `to` or `days`' });
  }
  return { kind: 'dates', ...written, step: { count: 1, unit: steps[step] } };
});

const variableName = textLike(
  new RegExp(`^(?!(?:${['unit', ...reservedNames].join('|')})$)[A-Za-z][A-Za-z0-9_]*$`),
  'not a valid variable name',
  'use letters, digits and underscores, starting with a letter; `unit` and the words of the template language are ' +
    'reserved',
);

/** The most variables of one lookup; nobody can follow more combinations. */
const variablesMax = 10;

/** `each`: the variables that repeat a lookup, in this order. */
export const eachSchema = z
  .record(
    variableName,
    z.union([listOfValues, rangeOrTemplate, dates], { error: 'expected a list, a range, a template or dates' }),
  )
  .superRefine((each, context) => {
    if (Object.keys(each).length <= variablesMax) return;
    context.addIssue({ code: 'custom', message: `there are more than ${String(variablesMax)} variables` });
  });

// Text around the output would turn the list into text.
function compileList(written: string): void {
  compileValue(written);
  if (/^\s*\{\{(?:(?!\}\}).)*\}\}\s*$/s.test(written)) return;
  throw new TemplateError('a list needs a single output', undefined, 'write it as "{{ regions | split: \'|\' }}"');
}

function rangeProblem(first: string, last: string): string | undefined {
  if (Number(last) < Number(first)) return 'the range ends before it begins';
  if (last.length < first.length) return 'the ends of the range have different widths';
  if (first.startsWith('0') && first.length > 1 && last.length !== first.length) {
    return 'the ends of the range have different widths';
  }
  const values = Number(last) - Number(first) + 1;
  return values > combinationsMax ? `the range has more than ${String(combinationsMax)} values` : undefined;
}
