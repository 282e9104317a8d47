import type { Definition } from '../domain/definition.js';
import { DefinitionProblems } from './definition-problems.js';
import type { FieldPath } from './field-path.js';
import { readableSections } from './readable-sections.js';
import { isShownValue } from './schema/is-shown-value.js';
import { problemsOfIssue } from './schema/issue-problems.js';
import { migrationSchema } from './schema/migration-schema.js';
import { toDefinition } from './schema/to-definition.js';
import { readYaml } from './yaml/read-yaml.js';
import type { SourcePositions } from './yaml/source-positions.js';

/** A definition with the positions of its values, for problems that are found later. */
export interface DefinitionFile {
  readonly definition: Definition;
  readonly fileName: string;
  readonly positions: SourcePositions;
}

/**
 * Parses the text of a migration file; throws {@link DefinitionProblems} with all its problems. `fileName` is for
 * messages only.
 */
export function parseDefinition(text: string, fileName: string): Definition {
  return parseDefinitionFile(text, fileName).definition;
}

/** Like {@link parseDefinition}, but keeps the positions of values. */
export function parseDefinitionFile(text: string, fileName: string): DefinitionFile {
  const { value, positions, isWhole, problems } = readYaml(text, { isText, isShown: isShownValue });
  if (!isWhole) throw new DefinitionProblems(fileName, problems, { source: positions });
  if (value === null || value === undefined) {
    throw new DefinitionProblems(fileName, [
      { line: 1, column: 1, path: '', message: 'the file is empty', hint: '`longhaul init` writes an example' },
    ]);
  }
  const result = migrationSchema.safeParse(value);
  if (!result.success || problems.length > 0) {
    const source = { value, positions, schema: migrationSchema };
    const ofSchema = (result.error?.issues ?? []).flatMap((issue) => problemsOfIssue(source, issue));
    // What is wrong as YAML has no value that could be judged.
    const others = ofSchema.filter(({ path }) => !problems.some((problem) => problem.path === path));
    throw new DefinitionProblems(fileName, [...problems, ...others], {
      source: positions,
      sections: readableSections(value),
    });
  }
  return { definition: toDefinition(result.data), fileName, positions };
}

// Values that are always text: `day: [01, 02]`, `tags: { year: 2019 }` and `blobs: 5` mean what they look like.
function isText([section, second, third, ...rest]: FieldPath): boolean {
  if (section === 'expect') return true;
  if (section === 'target') return second === 'tags' || second === 'metadata';
  return section === 'find' && third === 'each' && typeof second === 'number' && rest.length > 1;
}
