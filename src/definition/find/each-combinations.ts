import type { LookupDefinition } from '../../domain/definition.js';
import type { TemplateContext } from '../templates/template-context.js';
import { TemplateError } from '../templates/template-error.js';
import { combinationsMax } from './combinations-max.js';
import { compileEachValues } from './each-values.js';
import { nameField } from './name-field.js';
import { variablesOfEach } from './variables-needed.js';

/**
 * Compiles `each` of a lookup to a function that returns a context per combination, at most {@link combinationsMax};
 * the last variable varies fastest. A variable sees those before it. A unit without values for a variable has no
 * combination. `path` names `each` in errors.
 */
export function compileEach(
  each: LookupDefinition['each'],
  path: string,
): (context: TemplateContext) => readonly TemplateContext[] {
  const variables = Object.entries(each).map(([name, definition], position, all) => {
    const earlier = all.slice(0, position).map(([other]) => other);
    const needed = variablesOfEach(definition);
    return {
      name,
      values: nameField(`${path}.${name}`, compileEachValues(definition)),
      isFixed: !earlier.some((other) => needed.includes(other)),
    };
  });
  return (context) => {
    let contexts = [context];
    for (const { name, values, isFixed } of variables) {
      // Values that depend on no variable before them are found once for the unit.
      const fixed = isFixed && contexts.length > 0 ? values(context) : undefined;
      const wider: TemplateContext[] = [];
      for (const outer of contexts) {
        for (const value of fixed ?? values(outer)) wider.push({ ...outer, [name]: value });
        if (wider.length > combinationsMax) throw tooMany(path);
      }
      contexts = wider;
    }
    return contexts;
  };
}

const tooMany = (path: string): TemplateError =>
  new TemplateError(`${path} has more than ${String(combinationsMax)} combinations`, undefined, 'split the unit');
