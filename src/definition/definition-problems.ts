import type { FailureClass } from '../domain/failure-classes.js';

/** A problem in a migration file. Lines and columns count from 1; `path` reads like `find[0].account`. */
export interface DefinitionProblem {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}

/**
 * All problems of a migration file, in the order of the file. The message has a line per problem and never shows a
 * value that could be a secret.
 */
export class DefinitionProblems extends Error {
  override readonly name = 'DefinitionProblems';
  readonly failureClass: FailureClass = 'ConfigError';
  readonly problems: readonly DefinitionProblem[];

  constructor(
    readonly fileName: string,
    problems: readonly DefinitionProblem[],
  ) {
    const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(ordered.map((problem) => formatProblem(fileName, problem)).join('\n'));
    this.problems = ordered;
  }
}

/** Formats a problem as `migration.yaml:12:5 find[0].acount: unknown field; did you mean "account"?`. */
export function formatProblem(fileName: string, { line, column, path, message, hint }: DefinitionProblem): string {
  const place = `${fileName}:${String(line)}:${String(column)}`;
  return `${place}${path === '' ? '' : ` ${path}`}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
}
