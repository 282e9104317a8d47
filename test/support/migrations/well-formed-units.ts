import { type BadLine, isBadLine, type UnitLine } from '../../../src/definition/units/unit-line.js';
import { Failure } from '../../../src/domain/failure.js';

/** Yields the units of a file; throws at the first line that is not a unit, with the place as staging reports it. */
export async function* wellFormedUnits(
  from: string,
  lines: AsyncIterable<UnitLine | BadLine>,
): AsyncGenerator<UnitLine> {
  for await (const read of lines) {
    if (isBadLine(read)) throw new Failure('ConfigError', `${from}:${String(read.line)}: ${read.problem}`);
    yield read;
  }
}
