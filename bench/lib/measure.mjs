/** Returns the median. @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/**
 * Runs something repeatedly until it has taken `atLeastSeconds`. Returns the user CPU time of this process per run, in
 * seconds. CPU time, because on a shared machine the clock also measures the neighbours; repeatedly, because the system
 * counts CPU time in steps.
 *
 * @template T
 * @param {() => T | Promise<T>} work
 * @param {number} [atLeastSeconds]
 * @returns {Promise<{ seconds: number, result: T }>}
 */
export async function userSeconds(work, atLeastSeconds = 0) {
  const before = process.cpuUsage().user;
  for (let runs = 1; ; runs += 1) {
    const result = await work();
    const seconds = (process.cpuUsage().user - before) / 1e6;
    if (seconds > atLeastSeconds) return { seconds: seconds / runs, result };
  }
}
