import type { ReadableSections } from './readable-sections.js';
import type { SourcePosition, SourcePositions } from './yaml/source-positions.js';
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

/** What else is known where the problems of a migration file were found. */
export interface ProblemsContext {
  readonly source?: SourcePositions | undefined;
  /** What can still be read of the file, so that the units can be judged too. */
  readonly sections?: ReadableSections | undefined;
  /** Problems of the units file, as they are shown. */
  readonly ofUnits?: readonly string[];
}

/** The most problems that are shown; more of them have a common cause. */
const problemsMax = 100;

/**
 * All problems of a migration file, in the order of the file. The message has each with its line of the file and a mark
 * below its column. It never shows a value that could be a secret.
 */
export class DefinitionProblems extends Error {
  override readonly name = 'DefinitionProblems';
  readonly failureClass: FailureClass = 'ConfigError';
  readonly problems: readonly DefinitionProblem[];
  readonly source: ProblemsContext['source'];
  readonly sections: ProblemsContext['sections'];
  readonly ofUnits: readonly string[];
  readonly #all: readonly DefinitionProblem[];

  constructor(
    readonly fileName: string,
    problems: readonly DefinitionProblem[],
    { source, sections, ofUnits = [] }: ProblemsContext = {},
  ) {
    const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const told = ordered.slice(0, problemsMax);
    const more = ordered.length - told.length;
    const lines = told.flatMap((problem) => [formatProblem(fileName, problem), ...excerptOf(problem, source)]);
    super([...lines, ...(more === 0 ? [] : [`and ${String(more)} more`]), ...ofUnits].join('\n'));
    this.problems = told;
    this.#all = ordered;
    this.source = source;
    this.sections = sections;
    this.ofUnits = ofUnits;
  }

  /** Returns these problems and others: more of the file, and those of its units, as they are shown. */
  with(more: readonly DefinitionProblem[], ofUnits: readonly string[]): DefinitionProblems {
    return new DefinitionProblems(this.fileName, [...this.#all, ...more], { source: this.source, ofUnits });
  }
}

/** Returns the line of a problem and a caret below its column. */
function excerptOf({ line, column }: SourcePosition, source?: Pick<SourcePositions, 'shownLine'>): readonly string[] {
  const shown = source?.shownLine(line) ?? '';
  if (shown.trim() === '') return [];
  // A long line is cut around the column.
  const from = Math.max(0, Math.min(column - 1 - excerptBefore, shown.length - excerptMax));
  const cut = shown.slice(from, from + excerptMax).replaceAll('\t', ' ');
  const number = String(line).padStart(4);
  return [`${number} | ${cut}`, `${' '.repeat(number.length)} | ${' '.repeat(column - 1 - from)}^`];
}

// Fits into a terminal, with what is before the column.
const excerptMax = 100;
const excerptBefore = 60;

/** Formats a problem as `migration.yaml:12:5 find[0].acount: unknown field; did you mean "account"?`. */
export function formatProblem(fileName: string, { line, column, path, message, hint }: DefinitionProblem): string {
  const place = `${fileName}:${String(line)}:${String(column)}`;
  return `${place}${path === '' ? '' : ` ${path}`}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
}
