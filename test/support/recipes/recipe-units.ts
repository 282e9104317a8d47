import { readUnits } from '../../../src/definition/units/read-units.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import { renderUnits } from '../../../src/staging/render-units.js';
import type { Recipe } from './recipe.js';

/** Returns the units of a recipe as they would be staged. */
export async function recipeUnits({ file, units }: Recipe): Promise<readonly StagedUnit[]> {
  const { from } = file.definition.units;
  const bytes = (async function* () {
    yield Buffer.from(units);
  })();
  const problems = {
    add: ({ text }: { readonly text: string }) => {
      throw new Error(text);
    },
  };
  const rendered: StagedUnit[] = [];
  for await (const { unit } of renderUnits({
    definition: file.definition,
    units: readUnits({ from, directory: '.', bytes }),
    problems,
    file,
  }))
    rendered.push(unit);
  return rendered;
}
