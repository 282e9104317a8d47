import type { LookupDefinition } from '../../domain/definition.js';
import type { TemplateContext } from '../templates/template-context.js';
import { TemplateError } from '../templates/template-error.js';
import { combinationsMax } from './combinations-max.js';
import { compileEachValues, type EachValues } from './each-values.js';
import { nameField } from './name-field.js';
import { variablesOfEach } from './variables-needed.js';

/** The combinations of `each` of a lookup. A unit without values for a variable has none. */
export interface EachCombinations {
  /**
   * Returns their number, at most {@link combinationsMax}, without making them; evaluates all values. Throws {@link
   * TemplateError}.
   */
  count(context: TemplateContext): number;
  /**
   * Yields a context per combination, one at a time; the last variable varies fastest, and a variable sees those before
   * it.
   */
  contexts(context: TemplateContext): Iterable<TemplateContext>;
}

/** Compiles `each` of a lookup. `path` names `each` in errors. */
export function compileEach(each: LookupDefinition['each'], path: string): EachCombinations {
  const variables = Object.entries(each).map(([name, definition], position, all): Variable => {
    const earlier = all.slice(0, position).map(([other]) => other);
    const needed = variablesOfEach(definition);
    return {
      name,
      values: nameField(`${path}.${name}`, compileEachValues(definition)),
      isFixed: !earlier.some((other) => needed.includes(other)),
    };
  });
  // Most lookups have none, and there may be millions of units.
  if (variables.length === 0) return { count: () => 1, contexts: (context) => [context] };
  // After the last variable that sees others, the number of combinations is a product.
  const product = variables.slice(variables.findLastIndex(({ isFixed }) => !isFixed) + 1);
  const listed = variables.slice(0, variables.length - product.length);
  return {
    count(context) {
      const factor = product.reduce((count, { values }) => count * values(context).length, 1);
      const last = listed.at(-1);
      if (last === undefined) return bounded(factor, path);
      let [count, steps] = [0, 0];
      for (const outer of expand(listed.slice(0, -1), context)) {
        count += factor * last.values(outer).length;
        steps += 1;
        bounded(Math.max(count, steps), path);
      }
      return count;
    },
    contexts: (context) => expand(variables, context),
  };
}

interface Variable {
  readonly name: string;
  readonly values: EachValues;
  /** Whether its values depend on no variable before it. */
  readonly isFixed: boolean;
}

function* expand(variables: readonly Variable[], context: TemplateContext): Generator<TemplateContext> {
  // Values that depend on no variable before them are found once for the unit.
  const fixed = variables.map(({ isFixed, values }) => (isFixed ? values(context) : undefined));
  if (fixed.some((values) => values?.length === 0)) return;
  function* from(position: number, outer: TemplateContext): Generator<TemplateContext> {
    const variable = variables[position];
    if (variable === undefined) {
      yield outer;
      return;
    }
    const values = fixed[position] ?? variable.values(outer);
    for (let at = 0; at < values.length; at += 1) {
      yield* from(position + 1, { ...outer, [variable.name]: values.at(at) });
    }
  }
  yield* from(0, context);
}

function bounded(count: number, path: string): number {
  if (count <= combinationsMax) return count;
  throw new TemplateError(`${path} has more than ${String(combinationsMax)} combinations`, undefined, 'split the unit');
}
