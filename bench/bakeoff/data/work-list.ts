import { createHash } from 'node:crypto';
import { seededRandom } from '../../../src/local/demo-data/seeded-random.js';

/** A unit of the bake-off: a line of its units file, and its blobs in their order. */
export interface WorkUnit {
  readonly id: string;
  /** First day, as 2024-03-14. */
  readonly start: string;
  readonly days: number;
  readonly regions: readonly Region[];
  readonly blobs: readonly WorkBlob[];
  readonly targetKey: string;
}

/** A source blob, and which of the prepared contents it has. */
export interface WorkBlob {
  readonly region: Region;
  readonly container: string;
  readonly name: string;
  readonly content: number;
}

/** Each region has an account of its own, named after it. */
export const regions = ['eu', 'us', 'ap'] as const;
export type Region = (typeof regions)[number];

/** Blobs share this many contents, so that a server keeps all of them in little memory. */
export const contentCount = 1_024;

const [blobsMin, blobsMax, daysMax, regionsMax] = [6, 14, 3, 2];
const dayMs = 86_400_000;
const firstDayMs = Date.UTC(2024, 0, 1);
const daysOfYear = 360;

/**
 * Returns the first `count` units of a list that is the same everywhere. A unit has about ten blobs, in one to six
 * places: a prefix for each day in each of its accounts. The blobs of a day are in its accounts in turn, so the order
 * of their names alternates between accounts. Their contents are numbered below `contents`.
 */
export function workList(count: number, contents = contentCount): readonly WorkUnit[] {
  return Array.from({ length: count }, (_unused, index) => workUnit(index, contents));
}

function workUnit(index: number, contents: number): WorkUnit {
  const random = seededRandom('bake-off', index);
  const id = `unit-${String(index).padStart(6, '0')}`;
  const startMs = firstDayMs + random.int(0, daysOfYear - 1) * dayMs;
  const days = random.int(1, daysMax);
  const first = random.int(0, regions.length - 1);
  const own = Array.from({ length: random.int(1, regionsMax) }, (_unused, turn) => regionAt(first + turn));
  const count = random.int(blobsMin, blobsMax);
  const blobs = Array.from({ length: count }, (_unused, sequence): WorkBlob => {
    const day = Math.floor((sequence * days) / count);
    const date = new Date(startMs + day * dayMs).toISOString().slice(0, 10);
    return {
      region: own[sequence % own.length] ?? regionAt(first),
      container: `events-${date.slice(0, 7)}`,
      name: `${date.replaceAll('-', '/')}/${shardOf(id)}/${id}-${String(sequence).padStart(4, '0')}.json.bz2`,
      content: random.int(0, contents - 1),
    };
  });
  const start = new Date(startMs).toISOString().slice(0, 10);
  const targetKey = `collated/${start.slice(0, 7).replace('-', '/')}/${id}.json.gz`;
  return { id, start, days, regions: own, blobs, targetKey };
}

function regionAt(position: number): Region {
  return regions[position % regions.length] ?? 'eu';
}

/** The part of a blob's name that spreads units over a container. */
function shardOf(id: string): string {
  return createHash('sha1').update(id).digest('hex').slice(0, 4);
}

/** Returns the units file. */
export function unitsCsv(units: readonly WorkUnit[]): string {
  const lines = units.map(({ id, start, days, regions: own, blobs }) =>
    [id, start, days, own.join('|'), blobs.length].join(','),
  );
  return `${['unit_id,start,days,regions,blobs', ...lines].join('\n')}\n`;
}

/** Returns a line for each blob: account, container, name and content, separated by tabs. */
export function blobsTsv(units: readonly WorkUnit[]): string {
  const blobs = units.flatMap((unit) => unit.blobs);
  return blobs
    .map(({ region, container, name, content }) => `${[region, container, name, content].join('\t')}\n`)
    .join('');
}
