import { readUnits } from '../../../src/definition/units/read-units.js';
import type { StagedUnit } from '../../../src/domain/unit.js';
import { spoolUnits } from '../../../src/staging/spool-units.js';
import type { Recipe } from './recipe.js';

/** Returns the units of a recipe as they would be staged, or fails as staging would. */
export async function recipeUnits({ file, units }: Recipe): Promise<readonly StagedUnit[]> {
  const { definition } = file;
  const bytes = (async function* () {
    yield Buffer.from(units);
  })();
  const staged: StagedUnit[] = [];
  const spooled = await spoolUnits({
    definition,
    units: readUnits({ from: definition.units.from, directory: '.', bytes }),
    file,
    signal: new AbortController().signal,
    seen: async (unit) => void staged.push(unit),
  });
  await spooled.remove();
  return staged;
}
