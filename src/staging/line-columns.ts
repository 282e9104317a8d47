import type { Definition } from '../domain/definition.js';
import { findTemplateProblems } from '../definition/find-template-problems.js';
import { Failure } from '../domain/failure.js';

// More kinds of lines than this are not a list of units; judging each of millions would take hours.
const kindsMax = 1_000;

/**
 * Judges the columns of every line of a units file: the lines of a JSONL file may differ. Judging the same columns
 * again, in the same order, costs nothing.
 */
export class LineColumns {
  readonly #judged = new Map<string, string | undefined>();
  #last: readonly string[] | undefined;

  constructor(readonly definition: Definition) {}

  /** Throws a `Failure` of class `ConfigError` if the templates cannot be rendered with these columns. */
  judge(columns: readonly string[]): void {
    if (this.#last !== undefined && isSame(this.#last, columns)) return;
    const kind = JSON.stringify(columns);
    if (!this.#judged.has(kind)) {
      if (this.#judged.size >= kindsMax)
        throw new Failure(
          'ConfigError',
          `more than ${String(kindsMax)} lines differ in their fields or the order of them`,
        );
      this.#judged.set(kind, this.#problem(columns));
    }
    const problem = this.#judged.get(kind);
    if (problem !== undefined) throw new Failure('ConfigError', problem);
    this.#last = columns;
  }

  #problem(columns: readonly string[]): string | undefined {
    const hiding = hidingColumn(columns);
    if (hiding !== undefined) return hiding;
    const [first] = findTemplateProblems(this.definition, columns);
    if (first === undefined) return undefined;
    const { path, message, hint } = first;
    return `${path}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((column, at) => column === others[at]);
}

/** Returns what is wrong with columns that hide names of ours, or undefined. */
export function hidingColumn(columns: readonly string[]): string | undefined {
  if (!columns.includes('unit')) return undefined;
  return 'the column "unit" would hide unit.id and unit.index; give it another name';
}
