import { createHash } from 'node:crypto';
import type { DemoAccount } from './demo-data-options.js';

/** The regions of the demo. */
export const demoRegions = ['ap', 'eu', 'us'] as const;

/** One of the regions of the demo. */
export type DemoRegion = (typeof demoRegions)[number];

/** The days on which the demo has data; every month has them. */
export const demoDays = Array.from({ length: 28 }, (_, index) => String(index + 1).padStart(2, '0'));

const families = ['acme', 'birch', 'cobalt', 'delta', 'ember', 'fjord', 'garnet', 'harbor'] as const;
const familyTenants = 12;

/** Returns how many months a demo with this many units covers: from two to forty-eight. */
export function demoMonths(units: number): number {
  return Math.min(48, Math.max(2, Math.ceil(units / 25)));
}

/** Returns the month with this index. `2019-07` is the first. */
export function demoMonth(index: number): string {
  const month = 6 + index;
  return `${String(2019 + Math.floor(month / 12))}-${String((month % 12) + 1).padStart(2, '0')}`;
}

/** Returns the tenant with this index: `acme-1` to `acme-12`, `birch-1` and so on; some ids extend others. */
export function demoTenant(index: number): string {
  const family = families[Math.floor(index / familyTenants) % families.length] ?? families[0];
  const lap = Math.floor(index / (familyTenants * families.length));
  return `${family}-${String(lap * familyTenants + (index % familyTenants) + 1)}`;
}

/** Returns the shard folder of a tenant: the first two hex digits of the MD5 of its id. */
export function demoShard(tenant: string): string {
  return createHash('md5').update(tenant).digest('hex').slice(0, 2);
}

/**
 * Returns a tenant that no units file names, whose id extends this one's and which shares its shard, so that a prefix
 * without its closing slash would take both.
 */
export function extendingTenant(tenant: string): string {
  const shard = demoShard(tenant);
  // Four further digits make a number above every selected tenant's: a million units need fewer than 10,000 a family.
  for (let suffix = 1000; ; suffix += 1) {
    const candidate = `${tenant}${String(suffix)}`;
    if (demoShard(candidate) === shard) return candidate;
  }
}

/** Returns the account with the blobs of a region that arrived in time. */
export function regionAccount(region: DemoRegion): DemoAccount {
  return region === 'eu' ? 'west' : 'east';
}

/**
 * Names the container that holds a month's blobs in an account: `events-2019-07`, or `events-2019-07-orders` in the set
 * `orders`.
 */
export function monthContainer(account: DemoAccount, month: string, set: string | undefined): string {
  return `${account === 'late' ? `late-${month.slice(0, 4)}` : `events-${month}`}${containerSuffix(set)}`;
}

/** Returns what the names of all containers of a set end with. */
export function containerSuffix(set: string | undefined): string {
  return set === undefined ? '' : `-${set}`;
}

/** Returns the folder of a tenant's day, such as `bd/acme-1/2019/07/03/`. */
export function dayFolder(tenant: string, month: string, day: string): string {
  return `${demoShard(tenant)}/${tenant}/${month.replace('-', '/')}/${day}/`;
}

/** Returns the end of a blob's name, such as `eu-00001.json.bz2`. */
export function sequenceName(region: DemoRegion, sequence: number): string {
  return `${region}-${String(sequence).padStart(5, '0')}.json.bz2`;
}
