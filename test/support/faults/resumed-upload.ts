import type { UploadCheckpoint } from '../../../src/domain/stored/checkpoint.js';
import type { ProxiedRequest } from './fault-proxy.js';
import type { LargeUnit } from '../migrations/large-unit.js';

/** What the attempt did that resumed a large unit after its worker had died. */
export interface ResumedUpload {
  /** The parts in the checkpoint that it found, and the number that the dead attempt had sent beyond them. */
  readonly savedParts: number;
  readonly unsavedParts: number;
  /** Where the checkpoint says to continue: a position in the list of blobs. */
  readonly fromBlob: number;
  /** The positions of the blobs that it read, in the order of the requests. */
  readonly blobs: readonly number[];
  /** The numbers of the parts that it sent. */
  readonly parts: readonly number[];
  /** The stored bytes of those blobs that had been read before. */
  readonly repeatedBytes: number;
  /** The parts among them that had been sent before. */
  readonly repeatedParts: number;
  readonly heads: number;
}

/**
 * Works out, from the requests at the proxies, what was done after each death of the worker and before the next. Deaths
 * are times of `performance.now()`.
 */
export function resumedUploads(
  { blobs }: LargeUnit,
  requests: readonly ProxiedRequest[],
  deathsMs: readonly number[],
): readonly ResumedUpload[] {
  const positions = new Map(blobs.map(({ path }, position) => [path, position]));
  const readsOf = (some: readonly ProxiedRequest[]): readonly number[] =>
    some.flatMap(({ kind, path }) => (kind === 'read blob' ? (positions.get(path) ?? []) : []));

  return deathsMs.map((deathMs, index) => {
    // Requests of a dead worker may still arrive. Its successor begins with a claim.
    const claim = requests.find(({ kind, arrivedMs }) => kind === 'claim ledger' && arrivedMs > deathMs);
    if (claim === undefined) throw new Error(`nobody went on after death ${String(index)}`);
    const before = requests.filter(({ arrivedMs }) => arrivedMs < claim.arrivedMs);
    const untilMs = deathsMs[index + 1] ?? Number.POSITIVE_INFINITY;
    const after = requests.filter(({ arrivedMs }) => arrivedMs >= claim.arrivedMs && arrivedMs <= untilMs);
    const checkpoint = before.findLast(({ kind, status }) => kind === 'write checkpoint' && status === 200);
    if (checkpoint === undefined) throw new Error(`there was no checkpoint before death ${String(index)}`);
    const { parts: saved, position } = checkpointOf(checkpoint);
    const [readBefore, sentBefore] = [new Set(readsOf(before)), new Set(partsOf(before))];
    const [read, sent] = [readsOf(after), partsOf(after)];
    return {
      savedParts: saved.length,
      unsavedParts: [...sentBefore].filter((number) => number > saved.length).length,
      fromBlob: position.blob,
      blobs: read,
      parts: sent,
      repeatedBytes: read.reduce((sum, each) => sum + (readBefore.has(each) ? (blobs[each]?.bytes ?? 0) : 0), 0),
      repeatedParts: sent.filter((number) => sentBefore.has(number)).length,
      heads: after.filter(({ kind }) => kind === 'look up object').length,
    };
  });
}

/** Parses a write of a checkpoint. */
export function checkpointOf({ body }: Pick<ProxiedRequest, 'body'>): UploadCheckpoint {
  return JSON.parse(body.toString('utf8')) as UploadCheckpoint;
}

/** Returns the numbers of the parts that were sent. */
function partsOf(requests: readonly ProxiedRequest[]): readonly number[] {
  return requests.flatMap(({ kind, query }) => (kind === 'upload part' ? Number(query.get('partNumber')) : []));
}
