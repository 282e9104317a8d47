import type { EachDefinition } from '../../domain/definition.js';
import { compileTemplate, compileValue } from '../templates/compile-template.js';
import type { TemplateContext } from '../templates/template-context.js';
import { HashText } from '../templates/hash-text.js';
import { TemplateError } from '../templates/template-error.js';
import type { CountedValues } from './counted-values.js';
import { datesOf } from './dates-of.js';

/** Returns the values of one `each` variable for a unit. Throws {@link TemplateError}. */
export type EachValues = (context: TemplateContext) => CountedValues;

/** Compiles the values of one `each` variable. */
export function compileEachValues(each: EachDefinition): EachValues {
  switch (each.kind) {
    case 'list':
      return () => each.values;
    case 'range': {
      const { from, to, width } = each;
      const values = { length: to - from + 1, at: (step: number) => String(from + step).padStart(width, '0') };
      return () => values;
    }
    case 'template': {
      const list = compileValue(each.template);
      return (context) => listOf(list.evaluate(context), list.text);
    }
    case 'dates': {
      const [from, to, days] = [each.from, each.to, each.days].map((text) =>
        text === undefined ? undefined : compileTemplate(text),
      );
      return (context) =>
        datesOf({
          from: from?.render(context) ?? '',
          to: to?.render(context),
          days: days?.render(context),
          step: each.step,
        });
    }
  }
}

function listOf(value: unknown, template: string): readonly string[] {
  if (!Array.isArray(value)) {
    throw new TemplateError(`${template} is not a list`, undefined, "split it: {{ regions | split: '|' }}");
  }
  return value.map((item: unknown) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number' || item instanceof HashText) return String(item);
    throw new TemplateError(`${template} is a list of values that are not text`);
  });
}
