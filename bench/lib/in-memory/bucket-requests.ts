import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a bucket in memory was asked for. */
export interface BucketRequests {
  /** How many objects were put in each tenth of a second since the epoch, in order of time. */
  readonly puts: readonly (readonly [tenth: number, objects: number])[];
  /** How often it was asked about an object. */
  readonly heads: number;
}

/** Adds up what the processes of all workers wrote at their ends. */
export function readBucketRequests(folder: string): BucketRequests {
  const puts = new Map<number, number>();
  let heads = 0;
  for (const name of readdirSync(folder)) {
    const ofProcess = JSON.parse(readFileSync(join(folder, name), 'utf8')) as BucketRequests;
    heads += ofProcess.heads;
    for (const [tenth, objects] of ofProcess.puts) puts.set(tenth, (puts.get(tenth) ?? 0) + objects);
  }
  return { puts: [...puts].sort(([a], [b]) => a - b), heads };
}

/** Returns how many objects were put. */
export function countPuts({ puts }: Pick<BucketRequests, 'puts'>): number {
  return puts.reduce((sum, [, objects]) => sum + objects, 0);
}

/**
 * Returns how many objects were put in a second between the first tenth of them and the last one, while a migration
 * neither begins nor ends.
 */
export function middleRate(requests: Pick<BucketRequests, 'puts'>): number {
  const total = countPuts(requests);
  let [before, first, last, objects] = [0, Number.NaN, Number.NaN, 0];
  for (const [tenth, count] of requests.puts) {
    const share = before / total;
    before += count;
    if (share < 0.1 || share >= 0.9) continue;
    if (Number.isNaN(first)) first = tenth;
    last = tenth;
    objects += count;
  }
  return (objects / (last - first + 1)) * 10;
}
