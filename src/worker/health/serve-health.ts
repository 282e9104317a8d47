import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { parseHealthAddress } from './health-address.js';
import type { Health } from './health-board.js';

/**
 * Serves `/healthz` and `/readyz` at an address (`host:port`): status 200 or 503, and why as JSON. Rejects with
 * `HealthAddressError` if the address is not valid, and with another error if nothing can be served there.
 */
export async function serveHealth(address: string, board: HealthSource): Promise<Server> {
  const { host, port } = parseHealthAddress(address);
  const server = createServer(limits, (request, response) => answer(request, response, board));
  server.maxConnections = connectionsMax;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`LONGHAUL_HEALTH asks for health checks at ${address}, where none can be served: ${reason}`, {
      cause: error,
    });
  }
  return server;
}

/** Where the answers come from. */
export interface HealthSource {
  readonly live: () => Health;
  readonly ready: () => Health;
}

// Probes are answered at once, so whatever takes longer is not one.
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
};
// A kubelet, a load balancer and somebody at a terminal.
const connectionsMax = 32;

function answer({ method, url }: IncomingMessage, response: ServerResponse, board: HealthSource): void {
  const probes: Readonly<Record<string, (() => Health) | undefined>> = {
    '/healthz': () => board.live(),
    '/readyz': () => board.ready(),
  };
  const probe = probes[url?.replace(/\?.*$/, '') ?? ''];
  if (probe === undefined) {
    response.writeHead(404).end('There are /healthz and /readyz.\n');
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const { ok, ...rest } = probe();
  response
    .writeHead(ok ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(rest)}\n`);
}
