import type { ActivityDependencies, OpenMigration } from '../activities/activity-dependencies.js';
import { ListingHabits } from '../pipeline/discover/sharing/listing-habits.js';
import { createFindRenderer } from '../definition/find/find-renderer.js';
import { controlKeys } from '../control/control-keys.js';
import { readRecord } from '../control/stored-record.js';
import { Failure } from '../domain/failure.js';
import type { Secret } from '../domain/text/secret.js';
import { controlBase, type MigrationRecord } from '../domain/stored/migration-record.js';
import type { StoreThrottles } from '../flow/store-throttles.js';
import { throttledTarget } from '../pipeline/publish/throttled-target.js';
import { throttledSource } from '../pipeline/source/throttled-source.js';
import type { ControlStore } from '../control/control-store.js';
import { lookingControlStore } from '../control/looking-control-store.js';
import { lookingObjectTarget } from '../pipeline/publish/looking-object-target.js';
import { createAzureSource } from '../stores/azure/azure-source.js';
import { createS3ControlStore } from '../stores/s3/s3-control-store.js';
import { plainTarget } from '../stores/s3/plain-target.js';
import { createS3Target } from '../stores/s3/s3-target.js';
import type { HttpClient } from '../stores/http/http-pools.js';
import { credentialEnds } from './credentials/credential-ends.js';
import { migrationThrottles } from './migration-throttles.js';
import { countedControl, countedSource, countedTarget } from '../telemetry/metrics/counted-stores.js';
import type { RequestCounts } from '../telemetry/metrics/request-counts.js';
import { openMigrationsMax } from './worker-options.js';

/** What stores need from the environment. */
export interface StoreOptions {
  readonly allowInsecureEndpoints: boolean;
  readonly trustedHosts: readonly string[];
  readonly http?: HttpClient | undefined;
  /** Called with every secret that is found for S3. */
  readonly noteSecret?: ((secret: Secret) => void) | undefined;
  readonly credentials: (name: string) => Promise<Secret | undefined>;
}

/**
 * Makes the function that opens rounds of migrations. Each call reads `migration.json`, so that a change is seen; the
 * stores are opened again only if it has changed. The migrations used last are kept; one that is dropped keeps its
 * sockets until its slices have ended.
 */
export function createOpenMigration(
  options: StoreOptions,
  throttles: StoreThrottles,
  counts?: RequestCounts,
): ActivityDependencies['openMigration'] {
  const stores = new Recent<ControlStore>(openMigrationsMax);
  const rounds = new Recent<{ readonly etag: string; readonly open: OpenMigration }>(openMigrationsMax);

  return async (address, round, signal) => {
    const { bucket, s3 } = address;
    const { allowInsecureEndpoints, http, noteSecret } = options;
    const store = stores.get(JSON.stringify([bucket, s3]), () => {
      const control = createS3ControlStore({ connection: s3, bucket, allowInsecureEndpoints, http, noteSecret });
      return counts === undefined ? control : countedControl(control, counts);
    });
    const base = controlBase(address);
    const key = controlKeys.migration(base, round);
    const stored = await readRecord({ control: store, base, round }, signal);
    if (stored === undefined)
      throw new Failure('ConfigError', `${bucket}/${key} is not there: this round of ${address.name} was never staged`);
    const cacheKey = JSON.stringify([bucket, s3, key]);
    const known = rounds.get(cacheKey, () => undefined);
    if (known?.etag === stored.etag) return known.open;
    const open = openRound(stored.record, { base, control: store, throttles, counts }, options);
    rounds.set(cacheKey, { etag: stored.etag, open });
    return open;
  };
}

function openRound(
  record: MigrationRecord,
  {
    base,
    control,
    throttles: all,
    counts,
  }: {
    readonly base: string;
    readonly control: ControlStore;
    readonly throttles: StoreThrottles;
    readonly counts: RequestCounts | undefined;
  },
  options: StoreOptions,
): OpenMigration {
  const { accounts, target, transform } = record.definition;
  const { allowInsecureEndpoints, credentials, trustedHosts, http, noteSecret } = options;
  const source = createAzureSource({ accounts, credentials, allowInsecureEndpoints, trustedHosts, http });
  const throttles = migrationThrottles(record.definition, all);
  const access = { allowInsecureEndpoints, http, noteSecret };
  const s3Target = createS3Target({ target, compress: transform.compress, ...access });
  // Counted where they are made: what waits for its turn is not a request yet.
  const blobs = counts === undefined ? source : countedSource(source, counts);
  const objects = counts === undefined ? s3Target : countedTarget(s3Target, counts);
  const throttled = throttledTarget(objects, throttles.target());
  const degraded = target.conditionalWrites === 'degraded';
  return {
    resources: {
      ...{ record, base, source: throttledSource(blobs, throttles.account) },
      control: degraded ? lookingControlStore(control) : control,
      target: degraded ? lookingObjectTarget(throttled) : throttled,
      find: createFindRenderer(record.definition),
      listingHabits: new ListingHabits(),
      throttled: throttles.throttled,
      silent: throttles.silent,
    },
    credentialEnds: credentialEnds({
      ...{ accounts: Object.keys(accounts), source, target: s3Target, bucket: target.bucket },
    }),
    probeAccount: (account, container, signal) => source.probeAccount(account, container, signal),
    async withControlTarget(use) {
      const controlTarget = createS3Target({ target: plainTarget(target), ...access });
      try {
        return await use(controlTarget);
      } finally {
        controlTarget.close();
      }
    },
  };
}

/** Keeps the values used last, `max` at most. */
class Recent<Value> {
  readonly #values = new Map<string, Value>();

  constructor(readonly max: number) {}

  get(key: string, make: () => Value): Value;
  get(key: string, make: () => undefined): Value | undefined;
  get(key: string, make: () => Value | undefined): Value | undefined {
    const value = this.#values.get(key) ?? make();
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.max && oldest !== undefined) this.#values.delete(oldest);
  }
}
