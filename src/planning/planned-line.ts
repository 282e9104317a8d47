import { failureClassRow, type FailureClass } from '../domain/failure-classes.js';
import type { Receipt } from '../domain/receipt.js';

/** What a plan's sums need from a unit: its receipt without its blobs. */
export interface PlannedLine {
  readonly index: number;
  readonly id: string;
  readonly key: string;
  /**
   * `ready`: it would be moved. `empty`: it has no blob. `incomplete`: blobs are missing. `failing`: it would fail for
   * another reason.
   */
  readonly state: 'ready' | 'empty' | 'incomplete' | 'failing';
  /** Why it would fail. Absent if it would not. */
  readonly class?: FailureClass;
  readonly message?: string;
  readonly blobs: number;
  /** Source bytes as listed. */
  readonly bytes: number;
  readonly repeated: number;
  /** When its youngest blob changed, in milliseconds since 1970; absent without blobs. */
  readonly newestMs?: number;
  /** When it was looked at, in milliseconds since 1970. */
  readonly atMs: number;
  readonly lists: number;
  readonly heads: number;
}

/** Returns the line of a receipt of a plan. */
export function toPlannedLine(receipt: Receipt): PlannedLine {
  const { index, id, key, class: failureClass, message, blobs, bytes, planned, at } = receipt;
  return {
    ...{ index, id, key, state: stateOf(receipt) },
    ...(failureClass !== undefined && { class: failureClass, message: message ?? failureClassRow(failureClass).hint }),
    ...{ blobs, bytes: bytes.source, repeated: planned?.repeated ?? 0 },
    ...(planned?.newest !== undefined && { newestMs: Date.parse(planned.newest) }),
    ...{ atMs: Date.parse(at), lists: planned?.requests.lists ?? 0, heads: planned?.requests.heads ?? 0 },
  };
}

function stateOf({ state, class: failureClass, blobs }: Receipt): PlannedLine['state'] {
  if (failureClass === 'Incomplete' || failureClass === 'SourceMissing') return 'incomplete';
  if (failureClass === 'EmptyUnit' || state === 'empty') return 'empty';
  if (state === 'failed') return 'failing';
  return blobs === 0 ? 'empty' : 'ready';
}
