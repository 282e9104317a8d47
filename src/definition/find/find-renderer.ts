import type { Definition } from '../../domain/definition.js';
import { Failure } from '../../domain/failure.js';
import type { StagedUnit } from '../../domain/unit.js';
import { TemplateError } from '../templates/template-error.js';
import { unitContext } from '../units/unit-context.js';
import { compileLookup, type RenderedLookup } from './compile-lookup.js';
import { compileExpect, type RenderedExpect } from './compile-expect.js';

/** Renders `find` and `expect` for a unit; has the shape of the port that the pipeline defines. */
export interface DefinitionFindRenderer {
  /** Gives all lookups in order. Throws a `Failure` of class `ConfigError` where a template does not render. */
  lookups(unit: StagedUnit): readonly RenderedLookup[];
  expect(unit: StagedUnit): RenderedExpect;
  /**
   * Throws as {@link lookups} and {@link expect} would, without rendering every combination: all values of `each`, every account,
   * and one whole lookup per entry of `find`. Cheap enough for every unit at the start.
   */
  check(unit: StagedUnit): void;
}

/** Compiles `find` and `expect` of a definition once, for all units. Pure: equal units give equal lookups. */
export function createFindRenderer(
  definition: Pick<Definition, 'accounts' | 'find' | 'expect'>,
): DefinitionFindRenderer {
  const accounts = new Set(Object.keys(definition.accounts));
  const lookups = definition.find.map((lookup, position) => compileLookup({ lookup, position, accounts }));
  const expect = compileExpect(definition.expect);
  return {
    lookups: (unit) => forUnit(unit, () => lookups.flatMap((lookup) => lookup.render(unitContext(unit)))),
    expect: (unit) => forUnit(unit, () => expect(unitContext(unit))),
    check: (unit) =>
      forUnit(unit, () => {
        for (const lookup of lookups) lookup.check(unitContext(unit));
        expect(unitContext(unit));
      }),
  };
}

function forUnit<Result>(unit: StagedUnit, render: () => Result): Result {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const hint = error.hint === undefined ? '' : `; ${error.hint}`;
    throw new Failure('ConfigError', `unit "${unit.id}": ${error.message}${hint}`, { cause: error });
  }
}
