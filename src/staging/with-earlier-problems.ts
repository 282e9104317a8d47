import { DefinitionProblems } from '../definition/definition-problems.js';
import { Failure } from '../domain/failure.js';
import { type UnitProblem, type UnitProblems, unitLines } from './unit-problems.js';

/**
 * Yields units. Where the units file cannot be read to its end, that is one more problem if there are others already,
 * and is thrown if there are none.
 */
export async function* withEarlierProblems<Unit>(
  units: AsyncIterable<Unit>,
  problems: UnitProblems<UnitProblem>,
): AsyncGenerator<Unit> {
  try {
    yield* units;
  } catch (error) {
    if (problems.count === 0) throw error;
    if (error instanceof DefinitionProblems) throw error.with([], unitLines(problems.first, problems.count));
    if (!(error instanceof Failure) || error.failureClass !== 'ConfigError') throw error;
    const { message, failureClass } = error;
    problems.add({ line: Number.POSITIVE_INFINITY, text: message, failureClass });
  }
}
