import http from 'node:http';
import https from 'node:https';
import { guardedLookup } from './guarded-lookup.js';

/** Agents that keep connections and connect only to allowed addresses. */
export interface GuardedAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  readonly close: () => void;
}

/**
 * Creates agents with at most `socketsMax` connections to a host; further requests wait for one. An unused connection is closed after
 * 60 s, before the load balancers of the clouds do it, so that few requests meet a dead one.
 */
export function createGuardedAgents(options: {
  readonly socketsMax: number;
  readonly allowInsecure: boolean;
}): GuardedAgents {
  const settings = {
    keepAlive: true,
    maxSockets: options.socketsMax,
    maxFreeSockets: options.socketsMax,
    timeout: 60_000,
    lookup: guardedLookup(options.allowInsecure),
  };
  const agents = { http: new http.Agent(settings), https: new https.Agent(settings) };
  return {
    ...agents,
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}
