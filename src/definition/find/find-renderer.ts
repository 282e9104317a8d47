import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { FindRenderer, RenderedLookup } from '../../domain/rendered-find.js';
import type { StagedUnit } from '../../domain/unit.js';
import type { TemplateContext } from '../templates/template-context.js';
import { TemplateError } from '../templates/template-error.js';
import { unitContext } from '../units/unit-context.js';
import { combinationsMax } from './combinations-max.js';
import { compileLookup, type CompiledLookup } from './compile-lookup.js';
import { compileExpect } from './compile-expect.js';

/** The renderer of workers, and a check that is cheap enough for every unit at the start. */
export interface DefinitionFindRenderer extends FindRenderer {
  /**
   * Throws as the other methods would, without rendering every combination: it renders all values of `each`, every
   * account, and one whole lookup per entry of `find`. `context` is that of the unit, where the caller has it.
   */
  check(unit: StagedUnit, context?: TemplateContext): void;
}

/** Compiles `find` and `expect` of a definition once, for all units. */
export function createFindRenderer(
  definition: Pick<Definition, 'accounts' | 'find' | 'expect'>,
): DefinitionFindRenderer {
  const accounts = new Set(Object.keys(definition.accounts));
  const lookups = definition.find.map((lookup, position) => compileLookup({ lookup, position, accounts }));
  const expect = compileExpect(definition.expect);
  /** Returns the lookups that have a combination, after counting that there are not too many of them. */
  const counted = (context: TemplateContext): readonly CompiledLookup[] => {
    const counts = lookups.map((lookup) => lookup.count(context));
    if (counts.reduce((sum, count) => sum + count, 0) <= combinationsMax) {
      return lookups.filter((_, position) => counts[position] !== 0);
    }
    const problem = `find has more than ${String(combinationsMax)} lookups, with all combinations of each`;
    throw new TemplateError(problem, undefined, 'split the unit');
  };
  const rendered = new WeakMap<StagedUnit, readonly RenderedLookup[]>();
  return {
    lookups: (unit) => {
      const known = rendered.get(unit);
      if (known !== undefined) return known;
      const found = forUnit(unit, () => {
        const context = unitContext(unit);
        return counted(context).flatMap((lookup) => lookup.render(context));
      });
      if (found.length <= keptMax) rendered.set(unit, found);
      return found;
    },
    expect: (unit) => forUnit(unit, () => expect(unitContext(unit))),
    check: (unit, context = unitContext(unit)) =>
      forUnit(unit, () => {
        for (const lookup of counted(context)) lookup.check(context);
        expect(context);
      }),
  };
}

/**
 * The lookups of a unit are needed several times while it moves, and every second to report what it waits for. If there
 * are more than these, they are rendered each time, because a slice of a thousand units keeps all of its units.
 */
const keptMax = 32;

function forUnit<Result>(unit: StagedUnit, render: () => Result): Result {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const hint = error.hint === undefined ? '' : `; ${error.hint}`;
    throw new Failure('ConfigError', `unit "${unit.id}": ${error.message}${hint}`, { cause: error });
  }
}
