import { setTimeout as wait } from 'node:timers/promises';
import { settled } from '../../flow/settled.js';

const lookEveryMs = 2_000;

/**
 * Makes the function that is told which partitions wait for somebody. While there are any, the credential files of this
 * process are looked at every two seconds; once one has changed, these partitions are told, so that they need not wait
 * for their next try. A partition that cannot be told tries again by itself.
 */
export function createTellRenewed({
  mark,
  tell,
  signal,
  everyMs = lookEveryMs,
}: {
  /** Returns a text that differs once a file has changed. */
  readonly mark: () => Promise<string>;
  readonly tell: (partition: string) => Promise<void>;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}): (partition: string) => void {
  const waiting = new Set<string>();
  let isLooking = false;

  return (partition) => {
    waiting.add(partition);
    if (!isLooking) void settled(look());
  };

  async function look(): Promise<void> {
    isLooking = true;
    try {
      while (waiting.size > 0) {
        await untilChanged();
        const told = [...waiting];
        waiting.clear();
        await Promise.all(told.map((partition) => settled(tell(partition))));
      }
    } finally {
      isLooking = false;
    }
  }

  async function untilChanged(): Promise<void> {
    const before = await mark();
    do await wait(everyMs, undefined, { signal, ref: false });
    while ((await mark()) === before);
  }
}
