import { DefinitionProblems, type DefinitionProblem } from '../../definition/definition-problems.js';
import { findTemplateProblems } from '../../definition/find-template-problems.js';
import type { TemplateSections } from '../../definition/readable-templates.js';
import { readUnits } from '../../definition/units/read-units.js';
import { Failure } from '../../domain/failure.js';

/**
 * Adds what the first line of the units file shows, so that everything can be mended in one go: templates that use a
 * column that is not there, or that the units file cannot be read. Only a file on this machine is looked at.
 * `directory` is the folder of the migration file.
 */
export async function withTemplateProblems(found: DefinitionProblems, directory: string): Promise<DefinitionProblems> {
  const { templates, source, fileName, problems } = found;
  if (templates === undefined || source === undefined || /^(s3|az):|\.bz2$/.test(templates.units.from)) return found;
  const more = await columnProblems(templates, source, directory);
  return new DefinitionProblems(fileName, [...problems, ...more], source);
}

async function columnProblems(
  templates: TemplateSections,
  positions: NonNullable<DefinitionProblems['source']>,
  directory: string,
): Promise<readonly DefinitionProblem[]> {
  try {
    // Ending the iteration closes the file.
    for await (const { fields } of readUnits({ from: templates.units.from, directory })) {
      return findTemplateProblems(templates, Object.keys(fields), { positions });
    }
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ ...positions.of(['units', 'from']), path: 'units.from', message: error.message }];
  }
}
