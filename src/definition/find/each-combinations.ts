import type { LookupDefinition } from '../../domain/definition.js';
import type { TemplateContext } from '../templates/compile-template.js';
import { TemplateError } from '../templates/template-error.js';
import { combinationsMax } from './combinations-max.js';
import { compileEachValues } from './each-values.js';
import { nameField } from './name-field.js';

/**
 * Compiles `each` of a lookup: gives a context per combination, at most {@link combinationsMax}, the last variable fastest. A variable sees
 * those before it. A unit with no values for a variable has no combination. `path` names `each` in what is thrown.
 */
export function compileEach(
  each: LookupDefinition['each'],
  path: string,
): (context: TemplateContext) => readonly TemplateContext[] {
  const variables = Object.entries(each).map(([name, definition]) => ({
    name,
    values: nameField(`${path}.${name}`, compileEachValues(definition)),
  }));
  return (context) => {
    let contexts = [context];
    for (const { name, values } of variables) {
      const wider: TemplateContext[] = [];
      for (const outer of contexts) {
        for (const value of values(outer)) wider.push({ ...outer, [name]: value });
        if (wider.length > combinationsMax) throw tooMany(path);
      }
      contexts = wider;
    }
    return contexts;
  };
}

const tooMany = (path: string): TemplateError =>
  new TemplateError(`${path} gives more than ${String(combinationsMax)} combinations`, undefined, 'split the unit');
