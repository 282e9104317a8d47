import type { Definition } from '../domain/definition.js';
import type { StoreThrottle } from '../flow/store-throttle.js';
import type { StoreThrottles } from '../flow/store-throttles.js';
import type { SilentStores, ThrottledStores } from '../pipeline/unit/migration-resources.js';

/** The throttles of a migration's stores, which it shares with other migrations of the same stores. */
export interface MigrationThrottles {
  readonly account: (name: string) => StoreThrottle;
  readonly target: () => StoreThrottle;
  readonly throttled: ThrottledStores;
  readonly silent: SilentStores;
}

/** Picks the throttles of a definition's stores: that of an account by its endpoint, of a bucket by both. */
export function migrationThrottles(
  { accounts, target }: Pick<Definition, 'accounts' | 'target'>,
  throttles: StoreThrottles,
): MigrationThrottles {
  const account = (name: string): StoreThrottle => throttles.of(accounts[name]?.endpoint ?? name);
  const bucket = JSON.stringify([target.endpoint, target.region, target.bucket]);
  const names = Object.keys(accounts);
  return {
    account,
    target: () => throttles.of(bucket),
    throttled: {
      accounts: () => names.filter((name) => account(name).limit !== undefined),
      account: (name) => account(name).limit,
      target: () => throttles.of(bucket).limit,
    },
    silent: {
      account: (name) => account(name).silence.lastedMs,
      target: () => throttles.of(bucket).silence.lastedMs,
    },
  };
}
