import { writeStagedSlice, type StagingPlace } from '../control/staged-slice.js';
import { partitionSlices, type Slice } from '../domain/layout.js';
import { forEachAtOnce } from '../flow/for-each-at-once.js';
import type { SpooledUnits, StagingProgress } from './spool-units.js';

// Enough to hide a store's latency, and at most 8 × 1,000 lines in memory.
const slicesAtOnce = 8;

/**
 * Writes the staged units of every slice. The first failure stops it, and is thrown when no write is running any more.
 */
export async function writeSlices(request: {
  readonly spooled: Pick<SpooledUnits, 'layout' | 'unitsDigest' | 'lines'>;
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
