import type { FailureClass } from '../domain/failure-classes.js';
import { Failure } from '../domain/failure.js';

/** One thing that is wrong with the units: its line, and the text that a user reads. */
export interface UnitProblem {
  readonly line: number;
  readonly text: string;
  readonly failureClass: FailureClass;
}

/** How many problems are reported one by one. Of further ones, only the number is reported. */
export const problemsTold = 20;

/** Collects problems with the units: counts them all and keeps those of the first lines. */
export class UnitProblems<Problem extends { readonly line: number }> {
  #count = 0;
  #kept: Problem[] = [];

  get count(): number {
    return this.#count;
  }

  /** The problems of the first lines, in order, at most {@link problemsTold}. */
  get first(): readonly Problem[] {
    this.#trim();
    return this.#kept;
  }

  add(problem: Problem): void {
    this.#count += 1;
    this.#kept.push(problem);
    // Trimming now and then keeps the list short, however many problems there are.
    if (this.#kept.length >= problemsTold * 50) this.#trim();
  }

  #trim(): void {
    this.#kept = this.#kept.toSorted((a, b) => a.line - b.line).slice(0, problemsTold);
  }
}

/** Makes one failure of several problems, of the class of the first. `count` is the number of all, reported or not. */
export function unitsFailure(problems: readonly UnitProblem[], count: number): Failure {
  return new Failure(problems[0]?.failureClass ?? 'ConfigError', unitLines(problems, count).join('\n'));
}

/** Returns the texts of problems, and how many there are besides. */
export function unitLines(problems: readonly UnitProblem[], count: number): readonly string[] {
  const more = count - problems.length;
  const texts = problems.map(({ text }) => text);
  return more > 0 ? [...texts, `and ${String(more)} more`] : texts;
}
