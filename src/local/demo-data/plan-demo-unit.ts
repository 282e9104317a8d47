import type { DemoBlobName, DemoContent } from './demo-data-options.js';
import {
  dayFolder,
  demoDays,
  demoMonth,
  demoMonths,
  demoRegions,
  demoTenant,
  type DemoRegion,
  monthContainer,
  regionAccount,
  sequenceName,
} from './demo-layout.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';

const unitBlobsMax = 40;
const bigUnitRawBytesDefault = 24_400_000;
/** Plain JSON lines of this size compress to about 10 KB. */
const blobRawBytesDefault = 62_000;
const blobRawBytesMin = 4_000;
const blobRawBytesMax = 300_000;

/** How the plain text of a blob is cut into bzip2 streams. */
export type StreamLayout = 'one' | 'two' | 'two-around-empty' | 'empty';

/** One blob that the units file selects, before its text is written. */
export interface PlannedBlob extends DemoBlobName {
  readonly region: DemoRegion;
  readonly day: string;
  readonly streams: StreamLayout;
  /** Minimum size of the plain text; 0 for an empty blob. */
  readonly rawBytes: number;
  /** Whether its lines carry random bytes, which hardly compress. */
  readonly dense: boolean;
}

/** One line of the units file and the blobs it selects, in the order of `order: name`. */
export interface DemoUnitPlan {
  readonly index: number;
  readonly id: string;
  readonly tenant: string;
  readonly month: string;
  readonly days: readonly string[];
  readonly regions: readonly DemoRegion[];
  readonly blobs: readonly PlannedBlob[];
}

/** Plans one unit of the demo from the seed alone. Units may be planned in any order. */
export function planDemoUnit(content: DemoContent, index: number): DemoUnitPlan {
  const random = seededRandom(content.seed, 'unit', index);
  const months = demoMonths(content.units);
  const tenant = demoTenant(Math.floor(index / months));
  const month = demoMonth(index % months);
  const [dayCount, regionCount] = random.pick(shapes);
  const days = sample(random, demoDays, dayCount);
  const regions = sample(random, demoRegions, regionCount);
  const blobRawBytes = content.blobRawBytes ?? blobRawBytesDefault;
  const place = { tenant, month, days, regions, set: content.set, blobRawBytes };
  const bigRawBytes = content.bigUnitRawBytes ?? bigUnitRawBytesDefault;
  const blobs =
    bigRawBytes > 0 && index === bigUnitIndex(content.units)
      ? planBlobs(random, place, unitBlobsMax).map((blob) => dense(blob, bigRawBytes))
      : planBlobs(random, place, blobCount(random));
  return { index, id: `${tenant}/${month}`, tenant, month, days, regions, blobs };
}

/** Returns the index of the large unit: early in the file, so that the end of a run does not wait for it alone. */
export function bigUnitIndex(units: number): number {
  return Math.floor(units / 4);
}

// Days and regions of a unit. Their product is a unit's number of list requests, less the one for late blobs.
const shapes = [
  [1, 2],
  [2, 1],
  [2, 2],
  [2, 2],
  [2, 3],
  [3, 2],
] as const;

type Place = Pick<DemoUnitPlan, 'tenant' | 'month' | 'days' | 'regions'> &
  Pick<DemoContent, 'set'> & { readonly blobRawBytes: number };

function blobCount(random: SeededRandom): number {
  // Many small units and a long tail, with a mean of ten.
  return Math.min(unitBlobsMax, 1 + Math.floor(-9.7 * Math.log(1 - random.fraction())));
}

function planBlobs(random: SeededRandom, place: Place, count: number): readonly PlannedBlob[] {
  const sequences = new Map<string, number>();
  const blobs = Array.from({ length: count }, (_, position): PlannedBlob => {
    const day = random.pick(place.days);
    const region = random.pick(place.regions);
    // The late account numbers from 1 too: some of its names equal names of the other accounts.
    const account = random.chance(0.15) ? 'late' : regionAccount(region);
    const stream = `${account}/${day}/${region}`;
    const sequence = (sequences.get(stream) ?? 0) + 1;
    sequences.set(stream, sequence);
    // At least one blob of a unit has lines.
    const streams = position === 0 ? 'one' : random.pick(streamLayouts);
    const spread = blobRawBytesMin - (place.blobRawBytes - blobRawBytesMin) * Math.log(1 - random.fraction());
    return {
      account,
      container: monthContainer(account, place.month, place.set),
      name: dayFolder(place.tenant, place.month, day) + sequenceName(region, sequence),
      region,
      day,
      streams,
      rawBytes: streams === 'empty' ? 0 : Math.floor(Math.min(blobRawBytesMax, spread)),
      dense: false,
    };
  });
  return blobs.toSorted(byName);
}

const streamLayouts: readonly StreamLayout[] = [
  ...Array<StreamLayout>(20).fill('one'),
  'two',
  'two',
  'two-around-empty',
  'empty',
];

// The order of `order: name`: bytes of the name (ASCII here), then the lookup; the late lookup is the second.
function byName(left: PlannedBlob, right: PlannedBlob): number {
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return Number(left.account === 'late') - Number(right.account === 'late');
}

function dense(blob: PlannedBlob, unitRawBytes: number): PlannedBlob {
  const streams = blob.streams === 'empty' ? 'one' : blob.streams;
  return { ...blob, streams, rawBytes: Math.ceil(unitRawBytes / unitBlobsMax), dense: true };
}

function sample<Value>(random: SeededRandom, values: readonly Value[], count: number): readonly Value[] {
  const rest = [...values];
  while (rest.length > count) rest.splice(random.int(0, rest.length - 1), 1);
  return rest;
}
