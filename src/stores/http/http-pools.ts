import type { Pool } from 'undici';
import { guardedLookup } from '../endpoint/guarded-lookup.js';
import { proxyFor } from '../endpoint/proxy-for.js';

/** The client that makes the most frequent requests: our own, or those of the SDKs, which then make all. */
export type HttpClient = 'lean' | 'sdk';

/** Pools of connections, one for each host, which reuse connections and connect to allowed addresses only. */
export interface HttpPools {
  /**
   * Returns the pool for an endpoint, or undefined if its requests go through a proxy, or the SDKs are wanted: then
   * they make these requests. The library is loaded with the first pool.
   */
  readonly reaching: (endpoint: URL) => Promise<Pool> | undefined;
  readonly close: () => void;
}

/**
 * Creates pools with at most `socketsMax` connections to a host, like those of `createGuardedAgents`: an unused
 * connection is closed after 60 s, and names are looked up by the guarded lookup.
 */
export function createHttpPools(options: {
  readonly socketsMax: number;
  readonly allowInsecure: boolean;
  readonly http?: HttpClient | undefined;
}): HttpPools {
  // One: an account or a bucket has one host. Several accounts of a migration share the pools of a source.
  const pools = new Map<string, Promise<Pool>>();
  const open = async (origin: string): Promise<Pool> => {
    const { Pool } = await import('../sdk/undici.js');
    return new Pool(origin, {
      connections: options.socketsMax,
      keepAliveTimeout: unusedMs,
      keepAliveMaxTimeout: unusedMs,
      // Every request has its own limits, to the millisecond.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { lookup: guardedLookup(options.allowInsecure), timeout: connectMs },
    });
  };
  return {
    reaching(endpoint) {
      if (options.http === 'sdk' || proxyFor(endpoint) !== undefined) return undefined;
      const { origin } = endpoint;
      const pool = pools.get(origin) ?? open(origin);
      pools.set(origin, pool);
      return pool;
    },
    close() {
      for (const pool of pools.values()) void pool.then((opened) => opened.destroy());
    },
  };
}

const unusedMs = 60_000;
const connectMs = 10_000;
