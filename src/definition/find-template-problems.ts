import type { Definition, EachDefinition, LookupDefinition } from '../domain/definition.js';
import type { DefinitionProblem } from './definition-problems.js';
import { formatPath, type FieldPath } from './field-path.js';
import { didYouMean } from './nearest-name.js';
import type { DefinitionFile } from './parse-definition.js';
import { compileTemplate, compileValue, type TemplateVariable } from './templates/compile-template.js';

/**
 * Finds every variable that a template uses, on any branch, and that is neither a column of the units file nor part
 * of `unit` or `each`. Positions are those in `file`; without it they are 1:1.
 */
export function findTemplateProblems(
  definition: Definition,
  columns: readonly string[],
  file?: Pick<DefinitionFile, 'positions'>,
): readonly DefinitionProblem[] {
  return [...namedTemplates(definition)].flatMap(({ path, text, isList, extra, unitFields }) => {
    const { variables } = isList ? compileValue(text) : compileTemplate(text);
    const known = [...columns, ...extra];
    return variables
      .filter((variable) => !isKnown(variable, known, unitFields))
      .map((variable): DefinitionProblem => {
        const position = file?.positions.of(path, variable.offset) ?? { line: 1, column: 1 };
        const missing = variable.segments[0] ?? variable.name;
        const names = [...known, ...unitFields.map((name) => `unit.${name}`)];
        const suggestion = didYouMean(missing === 'unit' ? variable.name : missing, names);
        const available = `available: ${names.join(', ')}`;
        return {
          ...position,
          path: formatPath(path),
          message: `template: unknown variable "${variable.name}"`,
          hint: suggestion.startsWith('did') ? `${suggestion} ${available}` : available,
        };
      });
  });
}

interface NamedTemplate {
  readonly path: FieldPath;
  readonly text: string;
  readonly isList?: true;
  /** The variables that it sees besides the columns and `unit`. */
  readonly extra: readonly string[];
  readonly unitFields: readonly string[];
}

const unitFields = ['id', 'index'];

function* namedTemplates({ units, find, expect, target }: Definition): Generator<NamedTemplate> {
  if (units.id !== undefined) yield { path: ['units', 'id'], text: units.id, extra: [], unitFields: ['index'] };
  for (const [position, lookup] of find.entries()) yield* lookupTemplates(['find', position], lookup);
  for (const name of ['blobs', 'min', 'max'] as const) {
    if (expect[name] !== undefined) yield { path: ['expect', name], text: expect[name], extra: [], unitFields };
  }
  yield { path: ['target', 'key'], text: target.key, extra: [], unitFields };
}

function* lookupTemplates(path: FieldPath, lookup: LookupDefinition): Generator<NamedTemplate> {
  const names = Object.keys(lookup.each);
  for (const name of ['account', 'container', 'prefix', 'blob'] as const) {
    if (lookup[name] !== undefined) yield { path: [...path, name], text: lookup[name], extra: names, unitFields };
  }
  for (const [position, [name, each]] of Object.entries(lookup.each).entries()) {
    yield* eachTemplates([...path, 'each', name], each, names.slice(0, position));
  }
}

function* eachTemplates(path: FieldPath, each: EachDefinition, extra: readonly string[]): Generator<NamedTemplate> {
  if (each.kind === 'template') yield { path, text: each.template, isList: true, extra, unitFields };
  if (each.kind !== 'dates') return;
  for (const name of ['from', 'to', 'days'] as const) {
    if (each[name] !== undefined) yield { path: [...path, name], text: each[name], extra, unitFields };
  }
}

function isKnown({ segments }: TemplateVariable, known: readonly string[], ofUnit: readonly string[]): boolean {
  const [first = '', second] = segments;
  return first === 'unit' ? second === undefined || ofUnit.includes(second) : known.includes(first);
}
