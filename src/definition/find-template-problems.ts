import type { EachDefinition, LookupDefinition } from '../domain/definition.js';
import type { DefinitionProblem } from './definition-problems.js';
import { formatPath, type FieldPath } from './field-path.js';
import { didYouMean } from './nearest-name.js';
import type { DefinitionFile } from './parse-definition.js';
import type { TemplateSections } from './readable-sections.js';
import { compileTemplate, compileValue, type TemplateVariable } from './templates/compile-template.js';
import type { ReservedWord } from './templates/reserved-words.js';

/**
 * Finds every variable that a template uses, on any branch, and that is neither a column of the units file nor part of
 * `unit` or `each`; every word of the template language that hides a column, and every variable of `each` that does.
 * Positions are those in `file`; without it they are 1:1.
 */
export function findTemplateProblems(
  definition: TemplateSections,
  columns: readonly string[],
  file?: { readonly positions: Pick<DefinitionFile['positions'], 'of' | 'ofName'> },
): readonly DefinitionProblem[] {
  const ofTemplates = [...namedTemplates(definition)].flatMap((template) => {
    const { path, text } = template;
    const { variables, words } = template.isList ? compileValue(text) : compileTemplate(text);
    const known = [...columns, ...template.extra];
    const told = [
      ...words.filter(({ name }) => columns.includes(name)).map(hiddenColumn),
      ...variables
        .filter((variable) => !isKnown(variable, known, template.unitFields))
        .map((variable) => unknownVariable(variable, known, template.unitFields)),
    ];
    return told.map(({ offset, ...problem }) => ({
      ...(file?.positions.of(path, offset) ?? { line: 1, column: 1 }),
      path: formatPath(path),
      ...problem,
    }));
  });
  return [...shadowedColumns(definition, columns, file), ...ofTemplates];
}

/** A lookup would see the variable, and the target key the column: the same name, and two values. */
function shadowedColumns(
  { find }: TemplateSections,
  columns: readonly string[],
  file: { readonly positions: Pick<DefinitionFile['positions'], 'of' | 'ofName'> } | undefined,
): readonly DefinitionProblem[] {
  return find.flatMap(({ each }, position) =>
    Object.keys(each)
      .filter((name) => columns.includes(name))
      .map((name) => {
        const path = ['find', position, 'each', name];
        const message = 'a column of the units file has this name too';
        const hint = 'give the variable another name';
        return { ...(file?.positions.ofName(path) ?? { line: 1, column: 1 }), path: formatPath(path), message, hint };
      }),
  );
}

type ToldProblem = Pick<DefinitionProblem, 'message' | 'hint'> & { readonly offset: number };

const hiddenColumn = ({ name, offset }: ReservedWord): ToldProblem => ({
  offset,
  message: `template: "${name}" is a word of the template language, not the column of that name`,
  hint: 'give the column another name',
});

function unknownVariable(
  { name, segments, offset }: TemplateVariable,
  known: readonly string[],
  ofUnit: readonly string[],
): ToldProblem {
  const missing = segments[0] ?? name;
  const names = [...known, ...ofUnit.map((field) => `unit.${field}`)];
  const suggestion = didYouMean(missing === 'unit' ? name : missing, names);
  const available = `available: ${names.join(', ')}`;
  return {
    offset,
    message: `template: unknown variable "${name}"`,
    hint: suggestion.startsWith('did') ? `${suggestion} ${available}` : available,
  };
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

function* namedTemplates({ units, find, expect, target }: TemplateSections): Generator<NamedTemplate> {
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
