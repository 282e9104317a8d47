import { setTimeout as wait } from 'node:timers/promises';
import { settled } from '../../flow/settled.js';

const lookEveryMs = 2_000;

/**
 * Looks at the credential files of this process every two seconds until the signal is aborted, and calls `renewed` when
 * one has changed. Returns the function that is told which partitions wait for somebody: they are told then, so that
 * they need not wait for their next try. A partition that cannot be told tries again by itself.
 */
export function createTellRenewed({
  mark,
  renewed,
  tell,
  signal,
  everyMs = lookEveryMs,
}: {
  /** Returns a text that differs once a file has changed. */
  readonly mark: () => Promise<string>;
  readonly renewed: () => void;
  readonly tell: (partition: string) => Promise<void>;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}): (partition: string) => void {
  const waiting = new Set<string>();
  void settled(look());
  return (partition) => void waiting.add(partition);

  async function look(): Promise<void> {
    for (let before = await mark(); ;) {
      await wait(everyMs, undefined, { signal, ref: false });
      const now = await mark();
      if (now === before) continue;
      before = now;
      renewed();
      const told = [...waiting];
      waiting.clear();
      await Promise.all(told.map((partition) => settled(tell(partition))));
    }
  }
}
