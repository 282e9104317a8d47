import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { controlKeys } from '../control/control-keys.js';
import { partitionSlices, type Slice } from '../domain/layout.js';
import type { SpooledUnits, StagingProgress } from './spool-units.js';

/** Where staged units are written. Repeating an overwrite with equal bytes changes nothing; aborting the signal rejects with its reason. */
export interface StagingStore {
  overwrite(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
}

/** Slices on their way at a time: enough to hide a store's latency, and at most 8 × 1,000 lines in memory. */
const slicesInFlight = 8;

/** Writes the staged units of every slice as gzip NDJSON. The first failure stops it and is thrown when nothing is on its way any more. */
export async function writeSlices(request: {
  readonly spooled: Pick<SpooledUnits, 'layout' | 'unitsDigest' | 'lines'>;
  readonly store: StagingStore;
  /** Key base of the migration's control objects. */
  readonly base: string;
  readonly round: number;
  readonly signal: AbortSignal;
  readonly progress?: ((progress: StagingProgress) => void) | undefined;
}): Promise<void> {
  const { layout, unitsDigest } = request.spooled;
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const onTheirWay = new Set<Promise<void>>();
  let slices = 0;

  const write = async (slice: Slice, lines: readonly string[]): Promise<void> => {
    const bytes = await deterministicGzip(`${lines.join('\n')}\n`);
    await request.store.overwrite(
      controlKeys.stagedSlice(request.base, request.round, unitsDigest, slice),
      bytes,
      signal,
    );
    slices += 1;
    request.progress?.({ units: layout.units, slices });
  };
  try {
    for await (const [slice, lines] of slicesOf(request.spooled)) {
      signal.throwIfAborted();
      const writing = write(slice, lines)
        .catch((error: unknown) => stop.abort(error))
        .finally(() => onTheirWay.delete(writing));
      onTheirWay.add(writing);
      if (onTheirWay.size >= slicesInFlight) await Promise.race(onTheirWay);
    }
  } finally {
    await Promise.all(onTheirWay);
  }
  signal.throwIfAborted();
}

async function* slicesOf({
  layout,
  lines,
}: Pick<SpooledUnits, 'layout' | 'lines'>): AsyncGenerator<readonly [Slice, readonly string[]]> {
  const slices = Array.from({ length: layout.partitions }, (_, partition) => partition).values();
  let rest: Slice[] = [];
  let gathered: string[] = [];
  for await (const line of lines()) {
    if (rest.length === 0) rest = [...partitionSlices(layout, slices.next().value ?? layout.partitions)];
    gathered.push(line);
    const [slice] = rest;
    if (slice === undefined) throw new Error('there are more staged lines than the layout has units');
    if (gathered.length < slice.units) continue;
    rest.shift();
    yield [slice, gathered];
    gathered = [];
  }
  if (gathered.length > 0 || rest.length > 0) throw new Error('there are fewer staged lines than the layout has units');
}

const gzipAsync = promisify(gzip);

// Node writes no time; the byte for the operating system is the other one that would differ between machines.
async function deterministicGzip(text: string): Promise<Uint8Array> {
  const bytes = await gzipAsync(text);
  bytes[9] = 255;
  return bytes;
}
