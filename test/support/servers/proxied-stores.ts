import type { SharedStack } from './e2e-stack.js';
import { startFaultProxy, type FaultPlan, type FaultProxy, type ProxiedRequest } from '../faults/fault-proxy.js';
import type { StoreEndpoints } from '../migrations/generated-migration.js';
import { sourceRequestKind, targetRequestKind } from '../faults/request-kind.js';

/** The stores of a stack, each behind a proxy. */
export interface ProxiedStores {
  readonly source: FaultProxy;
  readonly target: FaultProxy;
  /** The endpoints for a migration file. */
  readonly endpoints: StoreEndpoints;
  /** All requests to both stores, in the order of their arrival. */
  readonly requests: readonly ProxiedRequest[];
  /** Called when a request has arrived, before it is passed on. */
  onArrival: (request: ProxiedRequest) => void;
  /** Sets the plan of both proxies. */
  inject(plan: FaultPlan): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of Azurite and one in front of the S3 server. They pass everything on until a plan is set,
 * and keep the bodies of ledgers and checkpoints. `host` is the address that they listen on, by default loopback.
 */
export async function startProxiedStores(stack: SharedStack, host = '127.0.0.1'): Promise<ProxiedStores> {
  const source = await startFaultProxy({ host, upstream: azuriteUrl(stack), kindOf: sourceRequestKind });
  const target = await startFaultProxy({
    host,
    upstream: stack.s3Endpoint,
    kindOf: targetRequestKind,
    keepBody: ({ method, path }) => method === 'PUT' && /\/\.longhaul\/.*\/(ledger|uploads)\//.test(path),
  });
  const requests: ProxiedRequest[] = [];
  const stores: ProxiedStores = {
    ...{ source, target, requests },
    endpoints: { azure: source.url, s3: target.url },
    onArrival: () => undefined,
    inject(plan) {
      source.plan = plan;
      target.plan = plan;
    },
    async close() {
      await source.close();
      await target.close();
    },
  };
  for (const proxy of [source, target]) {
    proxy.onArrival = (request) => {
      requests.push(request);
      stores.onArrival(request);
    };
  }
  return stores;
}

function azuriteUrl({ environment }: SharedStack): string {
  for (const value of Object.values(environment)) {
    const url = /BlobEndpoint=(https?:\/\/[^/;]+)/.exec(value)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the stack has no Azurite');
}
