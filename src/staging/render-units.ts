import type { Definition } from '../domain/definition.js';
import { Failure } from '../domain/failure.js';
import { unitsMax } from '../domain/layout.js';
import type { StagedUnit } from '../domain/unit.js';
import { DefinitionProblems } from '../definition/definition-problems.js';
import { findTemplateProblems } from '../definition/find-template-problems.js';
import { createFindRenderer } from '../definition/find/find-renderer.js';
import type { DefinitionFile } from '../definition/parse-definition.js';
import type { UnitLine } from '../definition/units/unit-line.js';
import { createUnitRenderer } from '../definition/units/unit-renderer.js';
import { hidingColumn, LineColumns } from './line-columns.js';
import type { UnitProblem, UnitProblems } from './unit-problems.js';

/** A unit as it is staged, and its line in the units file. */
export interface RenderedUnit {
  readonly unit: StagedUnit;
  readonly line: number;
}

/**
 * Renders every unit: its id, its key, and `find` to see whether it fails. A unit that fails is skipped and reported to
 * `problems`. Throws {@link DefinitionProblems} if a template uses a column that the units file does not have.
 */
export async function* renderUnits(source: {
  readonly definition: Definition;
  readonly units: AsyncIterable<UnitLine>;
  readonly problems: Pick<UnitProblems<UnitProblem>, 'add'>;
  readonly file?: Omit<DefinitionFile, 'definition'> | undefined;
  readonly unitsMax?: number;
}): AsyncGenerator<RenderedUnit> {
  const { definition, units, problems, file } = source;
  const limit = source.unitsMax ?? unitsMax;
  const renderer = createUnitRenderer(definition);
  const find = createFindRenderer(definition);
  const columns = new LineColumns(definition);
  let index = 0;
  for await (const { line, fields, text } of units) {
    if (index === 0) refuseColumns(definition, Object.keys(fields), file);
    if (index === limit) throw tooManyUnits(definition.units.from, limit);
    try {
      columns.judge(Object.keys(fields));
      const id = renderer.id({ fields, index, line: text });
      const unit: StagedUnit = { index, id, key: renderer.key({ fields, index, id }), fields };
      find.check(unit);
      yield { unit, line };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const place = `${definition.units.from}:${String(line)}`;
      problems.add({ line, text: `${place}: ${error.message}`, failureClass: error.failureClass });
    }
    index += 1;
  }
}

function refuseColumns(
  definition: Definition,
  columns: readonly string[],
  file: Omit<DefinitionFile, 'definition'> | undefined,
): void {
  const hiding = hidingColumn(columns);
  if (hiding !== undefined) throw new Failure('ConfigError', `${definition.units.from}: ${hiding}`);
  const problems = findTemplateProblems(definition, columns, file);
  if (problems.length > 0) throw new DefinitionProblems(file?.fileName ?? 'migration.yaml', problems, file?.positions);
}

const tooManyUnits = (from: string, limit: number): Failure =>
  new Failure('ConfigError', `${from}: it has more than ${String(limit)} units; split it into several migrations`);
