import type { ProxiedRequest } from './fault-proxy.js';
import type { GeneratedMigration } from '../migrations/generated-migration.js';
import { ledgerWrites, type LedgerWrite } from './ledger-writes.js';

/** A read of a blob whose unit was finished, by an attempt that could have known. */
export interface RepeatedRead {
  readonly unit: string;
  readonly path: string;
  readonly finishedMs: number;
  readonly readMs: number;
}

/**
 * Finds the source blobs that were read again although their unit was finished, that is, its object was stored. An
 * attempt that had listed the unit before that moment may continue to read it; one that lists it later must not. The
 * reads of a zombie before it is fenced are excepted: those of units that were finished after another attempt had
 * claimed the slice, while the previous claimant was still alive.
 */
export function repeatedReads(
  migration: GeneratedMigration,
  requests: readonly ProxiedRequest[],
  workerDeathsMs: readonly number[],
): readonly RepeatedRead[] {
  const zombies = zombieClaims(ledgerWrites(requests), workerDeathsMs);
  const finished = finishTimes(migration, requests);
  return migration.expected.flatMap((unit, index) => {
    const finishedMs = finished.get(unit.key);
    if (finishedMs === undefined) return [];
    const hasZombie = zombies.some(
      ({ firstUnit, units, acceptedMs }) => index >= firstUnit && index < firstUnit + units && acceptedMs < finishedMs,
    );
    if (hasZombie) return [];
    const [tenant = '', month = ''] = unit.id.split('/');
    const folder = `/${tenant}/${month.replace('-', '/')}/`;
    // By itself, or in a listing that several units share.
    const lists = (prefix: string): boolean =>
      prefix.includes(folder) || unit.wantedBlobNames.some(({ name }) => name.startsWith(prefix));
    const listedAgain = requests.find(
      ({ kind, query, path, arrivedMs }) =>
        kind === 'list blobs' &&
        arrivedMs > finishedMs &&
        path.endsWith(`-${migration.dataName}`) &&
        lists(query.get('prefix') ?? ''),
    );
    if (listedAgain === undefined) return [];
    const paths = new Set(unit.wantedBlobNames.map((blob) => `/prod${blob.account}/${blob.container}/${blob.name}`));
    return requests
      .filter(
        ({ kind, path, arrivedMs }) => kind === 'read blob' && arrivedMs > listedAgain.arrivedMs && paths.has(path),
      )
      .map(({ path, arrivedMs }) => ({ unit: unit.id, path, finishedMs, readMs: arrivedMs }));
  });
}

/** When the object of each unit was first stored, by key. */
export function finishTimes(
  { bucket }: GeneratedMigration,
  requests: readonly ProxiedRequest[],
): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { kind, path, status, repliedMs } of requests) {
    const publishes = kind === 'put object' || kind === 'complete upload';
    if (!publishes || status !== 200 || repliedMs === undefined || !path.startsWith(`/${bucket}/`)) continue;
    const key = path.slice(bucket.length + 2);
    times.set(key, Math.min(repliedMs, times.get(key) ?? Number.POSITIVE_INFINITY));
  }
  return times;
}

/** The claims of slices whose previous claimant was not killed in between. */
function zombieClaims(writes: readonly LedgerWrite[], workerDeathsMs: readonly number[]): readonly LedgerWrite[] {
  const last = new Map<string, LedgerWrite>();
  return writes.filter((write) => {
    if (write.kind !== 'claim') return false;
    const before = last.get(write.ledger);
    last.set(write.ledger, write);
    if (before === undefined) return false;
    return !workerDeathsMs.some((deathMs) => deathMs > before.arrivedMs && deathMs < write.arrivedMs);
  });
}
