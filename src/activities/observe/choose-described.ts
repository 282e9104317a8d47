/** What is known of an open partition when the next round is planned. */
export interface OpenPartition {
  readonly workflowId: string;
  /** Round in which it was described last; -1 where it never was. */
  readonly describedIn: number;
  /** Whether a worker had one of its slices then. */
  readonly running: boolean;
}

/** A round describes at most this many partitions: with one every 15 s that is four requests a second. */
export const describedMax = 64;

/**
 * Chooses which open partitions are described in a round: all where they are few; else half of the round for those of
 * which slices were running, whose figures move, and the rest for all others, each time the ones that were described
 * longest ago.
 */
export function chooseDescribed(open: readonly OpenPartition[]): readonly string[] {
  const oldestFirst = [...open].sort((a, b) => a.describedIn - b.describedIn);
  const running = oldestFirst.filter((partition) => partition.running).slice(0, describedMax / 2);
  const others = oldestFirst.filter((partition) => !running.includes(partition));
  return [...running, ...others].slice(0, describedMax).map(({ workflowId }) => workflowId);
}
