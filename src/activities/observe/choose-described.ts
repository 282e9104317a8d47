/** What is known of an open partition when the next look is planned. */
export interface OpenPartition {
  readonly workflowId: string;
  /** The look in which it was last described; -1 if it never was. */
  readonly describedIn: number;
  /** Whether a slice of it was running then. */
  readonly running: boolean;
}

/** One look describes at most this many partitions. With a look every 10 s that is about four requests a second. */
export const describedMax = 40;

/**
 * Chooses which open partitions are described in a look. If there are many, half of the places go to partitions with
 * running slices, whose figures change, and the rest to the others. In both halves, those described longest ago come
 * first.
 */
export function chooseDescribed(open: readonly OpenPartition[]): readonly string[] {
  const oldestFirst = [...open].sort((a, b) => a.describedIn - b.describedIn);
  const running = oldestFirst.filter((partition) => partition.running).slice(0, describedMax / 2);
  const others = oldestFirst.filter((partition) => !running.includes(partition));
  return [...running, ...others].slice(0, describedMax).map(({ workflowId }) => workflowId);
}
