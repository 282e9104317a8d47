import http from 'node:http';
import https from 'node:https';
import { guardedLookup } from './guarded-lookup.js';
import { proxyFor } from './proxy-for.js';
import { TunnelAgent } from './tunnel-agent.js';

/** HTTP agents that reuse connections and connect to allowed addresses only. */
export interface GuardedAgents {
  /**
   * Returns the agent for an endpoint: direct, or through the proxy that the environment names. A proxy resolves names
   * itself: then only {@link checkEndpoint} guards, by the text of the endpoint.
   */
  readonly reaching: (endpoint: URL) => http.Agent;
  readonly close: () => void;
}

/**
 * Creates agents with at most `socketsMax` connections to a host; further requests wait for one. An unused connection
 * is closed after 60 s, before the clouds' load balancers close it, so that few requests meet a dead one.
 */
export function createGuardedAgents(options: {
  readonly socketsMax: number;
  readonly allowInsecure: boolean;
}): GuardedAgents {
  const kept = {
    keepAlive: true,
    maxSockets: options.socketsMax,
    maxFreeSockets: options.socketsMax,
    timeout: 60_000,
  };
  const direct = { ...kept, lookup: guardedLookup(options.allowInsecure) };
  const plain = new http.Agent(direct);
  const secure = new https.Agent(direct);
  // Usually one: the environment names a single proxy for https.
  const tunnels = new Map<string, TunnelAgent>();
  return {
    reaching(endpoint) {
      if (endpoint.protocol === 'http:') return plain;
      const proxy = proxyFor(endpoint);
      if (proxy === undefined) return secure;
      const { href } = proxy.address;
      const tunnel = tunnels.get(href) ?? new TunnelAgent(proxy, kept);
      tunnels.set(href, tunnel);
      return tunnel;
    },
    close() {
      for (const agent of [plain, secure, ...tunnels.values()]) agent.destroy();
    },
  };
}
