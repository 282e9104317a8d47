import { BatchCursor } from './batch-cursor.js';

// Enough to make the waiting for each batch cheap.
const batchItems = 4_096;

/** Merges sorted sequences of texts into one, with as many batches in memory as there are sequences. */
export async function* mergeSorted(
  sequences: readonly AsyncIterable<readonly string[]>[],
): AsyncGenerator<readonly string[]> {
  const [only] = sequences;
  if (only !== undefined && sequences.length === 1) {
    yield* only;
    return;
  }
  const heap = new CursorHeap();
  for (const sequence of sequences) {
    const cursor = new BatchCursor(sequence);
    if (cursor.current === undefined) await cursor.fill();
    heap.push(cursor);
  }
  let batch: string[] = [];
  for (let first = heap.first; first?.current !== undefined; first = heap.first) {
    batch.push(first.current);
    if (!first.advance()) await first.fill();
    heap.settleFirst();
    if (batch.length < batchItems) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A binary heap: the cursor with the least text is first. Those that have ended leave it. */
class CursorHeap {
  readonly #cursors: BatchCursor<string>[] = [];

  get first(): BatchCursor<string> | undefined {
    return this.#cursors[0];
  }

  push(cursor: BatchCursor<string>): void {
    if (cursor.current === undefined) return;
    const cursors = this.#cursors;
    let at = cursors.push(cursor) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(cursors[at], cursors[parent])) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Puts the first cursor where it belongs after it has moved. */
  settleFirst(): void {
    const cursors = this.#cursors;
    if (cursors[0]?.current === undefined) {
      const last = cursors.pop();
      if (cursors.length === 0 || last === undefined) return;
      cursors[0] = last;
    }
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (isBefore(cursors[left], cursors[least])) least = left;
      if (isBefore(cursors[right], cursors[least])) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const cursors = this.#cursors;
    const [first, second] = [cursors[a], cursors[b]];
    if (first === undefined || second === undefined) return;
    cursors[a] = second;
    cursors[b] = first;
  }
}

function isBefore(a: BatchCursor<string> | undefined, b: BatchCursor<string> | undefined): boolean {
  return a?.current !== undefined && b?.current !== undefined && a.current < b.current;
}
