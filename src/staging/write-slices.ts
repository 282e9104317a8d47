import { writeStagedSlice, type StagingPlace } from '../control/staged-slice.js';
import { partitionSlices, type Layout, type Slice } from '../domain/layout.js';
import { forEachAtOnce } from '../flow/for-each-at-once.js';
import type { SpooledUnits, StagingProgress } from './spool-units.js';

// Enough to hide a store's latency, and at most 8 × 1,000 lines in memory.
const slicesAtOnce = 8;

/**
 * Writes the staged units of every slice. The first failure stops it, and is thrown when no write is running any more.
 */
export async function writeSlices(request: {
  readonly spooled: Pick<SpooledUnits, 'layout' | 'unitsDigest' | 'blocks'>;
  readonly store: StagingPlace['control'];
  /** Key base of the migration's control objects. */
  readonly base: string;
  readonly round: number;
  readonly signal: AbortSignal;
  readonly progress?: ((progress: StagingProgress) => void) | undefined;
}): Promise<void> {
  const { store, base, round, spooled, progress } = request;
  const place = { control: store, base, round, unitsDigest: spooled.unitsDigest };
  let slices = 0;
  await forEachAtOnce(
    slicesOf(spooled),
    { atOnce: slicesAtOnce, signal: request.signal },
    async ([slice, lines], signal) => {
      await writeStagedSlice(place, { slice, lines }, signal);
      slices += 1;
      progress?.({ units: spooled.layout.units, slices });
    },
  );
}

/** Cuts the staged lines into slices. They stay bytes: to decode them would take longer than everything else here. */
async function* slicesOf({
  layout,
  blocks,
}: Pick<SpooledUnits, 'layout' | 'blocks'>): AsyncGenerator<readonly [Slice, Uint8Array]> {
  const slices = slicesInOrder(layout);
  let slice = slices.next().value;
  let missing = slice?.units ?? 0;
  let gathered: Buffer[] = [];
  for await (const block of blocks()) {
    let start = 0;
    for (let end = block.indexOf(newline) + 1; end > 0; end = block.indexOf(newline, end) + 1) {
      if (slice === undefined) throw new Error('there are more staged lines than the layout has units');
      missing -= 1;
      if (missing > 0) continue;
      yield [slice, Buffer.concat([...gathered, block.subarray(start, end)])];
      slice = slices.next().value;
      missing = slice?.units ?? 0;
      gathered = [];
      start = end;
    }
    if (start < block.length) gathered.push(block.subarray(start));
  }
  if (gathered.length > 0 || slice !== undefined)
    throw new Error('there are fewer staged lines than the layout has units');
}

function* slicesInOrder(layout: Layout): Generator<Slice, undefined> {
  for (let partition = 0; partition < layout.partitions; partition += 1) yield* partitionSlices(layout, partition);
}

const newline = 0x0a;
