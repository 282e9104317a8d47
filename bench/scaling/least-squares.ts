/**
 * Least squares of relative errors, so that each run weighs the same: how much each term costs. A term that would be
 * negative is left at zero, and so is one that the runs do not tell from others.
 */
export function fitTerms<Run>(
  runs: readonly Run[],
  termsOf: (run: Run) => readonly number[],
  valueOf: (run: Run) => number,
): readonly number[] {
  const rows = runs.filter((run) => valueOf(run) > 0).map((run) => termsOf(run).map((term) => term / valueOf(run)));
  const count = termsOf(runs[0]!).length;
  let kept = Array.from({ length: count }, (_unused, term) => term);
  while (kept.length > 0 && rows.length > 0) {
    const solution = solve(
      kept.map((a) => kept.map((b) => sum(rows.map((row) => row[a]! * row[b]!)))),
      kept.map((a) => sum(rows.map((row) => row[a]!))),
    );
    // Where the runs do not tell two terms apart, there is no solution with both.
    const senseless = solution.findIndex((value) => !Number.isFinite(value));
    const lowest = senseless === -1 ? solution.indexOf(Math.min(...solution)) : senseless;
    if (solution[lowest]! >= 0) {
      return Array.from({ length: count }, (_unused, term) => solution[kept.indexOf(term)] ?? 0);
    }
    kept = kept.filter((_term, position) => position !== lowest);
  }
  return Array.from({ length: count }, () => 0);
}

/** Solves a small system of linear equations by elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  for (let pivot = 0; pivot < rows.length; pivot += 1) {
    const sizes = rows.map((row, index) => (index < pivot ? -1 : Math.abs(row[pivot]!)));
    const best = sizes.indexOf(Math.max(...sizes));
    if (best === -1) return rows.map(() => Number.NaN);
    [rows[pivot], rows[best]] = [rows[best]!, rows[pivot]!];
    for (const [index, row] of rows.entries()) {
      if (index === pivot) continue;
      const factor = row[pivot]! / rows[pivot]![pivot]!;
      rows[index] = row.map((value, column) => value - factor * rows[pivot]![column]!);
    }
  }
  return rows.map((row, index) => row.at(-1)! / row[index]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
