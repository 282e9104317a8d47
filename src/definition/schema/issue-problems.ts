import type { z } from 'zod';
import type { DefinitionProblem } from '../definition-problems.js';
import { formatPath, type FieldPath } from '../field-path.js';
import { didYouMean, nearestName } from '../nearest-name.js';
import type { SourcePositions } from '../yaml/source-positions.js';
import { expectation, kindOf } from './expectations.js';
import { fieldsAt } from './fields-at.js';

type Issue = z.core.$ZodIssue;

/** The values as read, their positions, and the schema that refused them. */
export interface IssueSource {
  readonly value: unknown;
  readonly positions: SourcePositions;
  readonly schema: z.ZodType;
}

/** Describes an issue of the schema in the terms of the migration file, with its position. */
export function problemsOfIssue(source: IssueSource, issue: Issue, base: FieldPath = []): readonly DefinitionProblem[] {
  const path: FieldPath = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = fieldsAt(source.schema, path);
      return issue.keys.map((key) => atName(source, [...path, key], 'unknown field', didYouMean(key, known)));
    }
    case 'invalid_key':
      return issue.issues.slice(0, 1).map((inner) => atName(source, path, inner.message, hintOf(inner)));
    case 'invalid_union':
      return unionProblems(source, issue, path);
    case 'invalid_type':
      return [typeProblem(source, path, issue)];
    case 'invalid_value': {
      const written = valueAt(source.value, path);
      if (written === undefined) return [missing(source, path)];
      const names = issue.values.map(String);
      const nearest = typeof written === 'string' ? nearestName(written, names) : undefined;
      return [at(source, path, `expected ${expectation(issue)}`, nearest && `did you mean "${nearest}"?`)];
    }
    default: {
      const message = issue.code === 'custom' ? issue.message : (boundMessage(issue) ?? issue.message);
      return [at(source, path, message, hintOf(issue), offsetOf(issue))];
    }
  }
}

function typeProblem(source: IssueSource, path: FieldPath, issue: Issue & { code: 'invalid_type' }): DefinitionProblem {
  const written = valueAt(source.value, path);
  if (written === undefined) return missing(source, path);
  const isPlain = typeof written === 'number' || typeof written === 'boolean';
  const hint =
    written === null
      ? 'write a value or remove the field'
      : issue.expected === 'string' && isPlain
        ? 'put it in quotes'
        : undefined;
  const isFraction = issue.expected === 'int' && typeof written === 'number';
  return at(source, path, `expected ${expectation(issue)}, not ${isFraction ? 'a fraction' : kindOf(written)}`, hint);
}

// The problems are those of the form that comes nearest to what is written; where none is near, all forms are named.
function unionProblems(
  source: IssueSource,
  issue: Issue & { code: 'invalid_union' },
  path: FieldPath,
): readonly DefinitionProblem[] {
  const written = valueAt(source.value, path);
  if (written === undefined) return [missing(source, path)];
  const near = issue.errors.find((issues) =>
    issues.every(({ code, path: inner }) => inner.length > 0 || !isOtherForm(code)),
  );
  if (near !== undefined) return near.flatMap((inner) => problemsOfIssue(source, inner, path));
  const forms = issue.errors
    .flatMap((issues) => issues.slice(0, 1))
    .map(expectation)
    .join(' or ');
  const names = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  const nearest = typeof written === 'string' ? nearestName(written, names) : undefined;
  return [
    at(
      source,
      path,
      issue.message === 'Invalid input' ? `expected ${forms}` : issue.message,
      nearest && `did you mean "${nearest}"?`,
    ),
  ];
}

const isOtherForm = (code: Issue['code']): boolean => code === 'invalid_type' || code === 'invalid_value';

function boundMessage(issue: Issue): string | undefined {
  if (issue.code === 'too_small' && issue.origin !== 'array') {
    return `it must be ${issue.inclusive === false ? 'above' : 'at least'} ${String(issue.minimum)}`;
  }
  return issue.code === 'too_big' ? `it must be at most ${String(issue.maximum)}` : undefined;
}

const missing = (source: IssueSource, path: FieldPath): DefinitionProblem => at(source, path, 'it is missing');

function at(source: IssueSource, path: FieldPath, message: string, hint?: string, offset?: number): DefinitionProblem {
  return problem(source.positions.of(path, offset), path, message, hint);
}

function atName(source: IssueSource, path: FieldPath, message: string, hint?: string): DefinitionProblem {
  return problem(source.positions.ofName(path), path, message, hint);
}

function problem(
  position: { readonly line: number; readonly column: number },
  path: FieldPath,
  message: string,
  hint: string | undefined,
): DefinitionProblem {
  return { ...position, path: formatPath(path), message, ...(hint === undefined || hint === '' ? {} : { hint }) };
}

function hintOf(issue: Issue): string | undefined {
  const hint: unknown = issue.code === 'custom' ? issue.params?.['hint'] : undefined;
  return typeof hint === 'string' ? hint : undefined;
}

function offsetOf(issue: Issue): number | undefined {
  const offset: unknown = issue.code === 'custom' ? issue.params?.['offset'] : undefined;
  return typeof offset === 'number' ? offset : undefined;
}

function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (current, step) =>
      typeof current === 'object' && current !== null && Object.hasOwn(current, step)
        ? (current as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}
