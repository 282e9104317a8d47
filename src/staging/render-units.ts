import type { Definition } from '../domain/definition.js';
import type { FailureClass } from '../domain/failure-classes.js';
import { Failure } from '../domain/failure.js';
import { unitsMax } from '../domain/layout.js';
import type { StagedUnit } from '../domain/unit.js';
import { DefinitionProblems } from '../definition/definition-problems.js';
import { findTemplateProblems } from '../definition/find-template-problems.js';
import { createFindRenderer } from '../definition/find/find-renderer.js';
import type { DefinitionFile } from '../definition/parse-definition.js';
import { type BadLine, isBadLine, type UnitLine } from '../definition/units/unit-line.js';
import { addUnitId, unitIdContext } from '../definition/units/unit-context.js';
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
 * `problems`, and so is a line that is not a unit. Throws {@link DefinitionProblems} if a template uses a column that
 * the units file does not have, after the other lines have been read.
 */
export async function* renderUnits(source: {
  readonly definition: Definition;
  readonly units: AsyncIterable<UnitLine | BadLine>;
  readonly problems: Pick<UnitProblems<UnitProblem>, 'add'>;
  readonly file?: Omit<DefinitionFile, 'definition'> | undefined;
  readonly unitsMax?: number;
}): AsyncGenerator<RenderedUnit> {
  const { definition, units, problems, file } = source;
  const limit = source.unitsMax ?? unitsMax;
  const renderer = createUnitRenderer(definition);
  const find = createFindRenderer(definition);
  const columns = new LineColumns(definition);
  const report = (line: number, message: string, failureClass: FailureClass = 'ConfigError'): void => {
    problems.add({ line, text: `${definition.units.from}:${String(line)}: ${message}`, failureClass });
  };
  let refusal: Error | undefined;
  let index = 0;
  for await (const read of units) {
    if (isBadLine(read)) {
      report(read.line, read.problem);
      continue;
    }
    const { line, fields, text } = read;
    if (index === 0) refusal = columnsRefusal(definition, Object.keys(fields), file);
    if (index === limit) throw tooManyUnits(definition.units.from, limit);
    index += 1;
    if (refusal !== undefined) continue;
    try {
      columns.judge(Object.keys(fields));
      const position = index - 1;
      const idContext = unitIdContext(fields, position);
      const id = renderer.id(idContext, text);
      const context = addUnitId(idContext, id);
      const unit: StagedUnit = { index: position, id, key: renderer.key(context), fields };
      find.check(unit, context);
      yield { unit, line };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      report(line, error.message, error.failureClass);
    }
  }
  if (refusal !== undefined) throw refusal;
}

/** Returns what is wrong with the columns of the first line, or undefined. */
function columnsRefusal(
  definition: Definition,
  columns: readonly string[],
  file: Omit<DefinitionFile, 'definition'> | undefined,
): Error | undefined {
  const hiding = hidingColumn(columns);
  if (hiding !== undefined) return new Failure('ConfigError', `${definition.units.from}: ${hiding}`);
  const problems = findTemplateProblems(definition, columns, file);
  if (problems.length === 0) return undefined;
  return new DefinitionProblems(file?.fileName ?? 'migration.yaml', problems, { source: file?.positions });
}

const tooManyUnits = (from: string, limit: number): Failure =>
  new Failure('ConfigError', `${from}: it has more than ${String(limit)} units; split it into several migrations`);
