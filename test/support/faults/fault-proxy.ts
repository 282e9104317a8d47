import { once } from 'node:events';
import { createServer, request as requestUpstream, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './fault.js';
import type { RequestKind } from './request-kind.js';

/**
 * One request that went through the proxy. Times are from `performance.now()`, one clock for all proxies of a process.
 */
export interface ProxiedRequest {
  readonly kind: RequestKind;
  readonly method: string;
  /** The decoded path without the query: `/bucket/key`, `/account/container/blob`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** The whole body while the request is decided on. Empty afterwards, unless `keepBody` accepts the request. */
  body: Buffer;
  readonly arrivedMs: number;
  /**
   * The status of the upstream's reply. Undefined while there is none, and if the upstream never saw the whole request.
   */
  status: number | undefined;
  /** When the reply of the upstream began; by then it had done the work. */
  repliedMs: number | undefined;
  fault: Fault | undefined;
}

/** Decides what happens to a request. Undefined lets it pass. */
export type FaultPlan = (request: ProxiedRequest) => Fault | undefined;

/** A proxy in front of one HTTP server that records requests and injects faults. */
export interface FaultProxy {
  readonly url: string;
  readonly requests: readonly ProxiedRequest[];
  /** May be replaced while the proxy runs. */
  plan: FaultPlan;
  /** Called when a request has arrived completely, before anything is done with it. */
  onArrival: (request: ProxiedRequest) => void;
  close(): Promise<void>;
}

/**
 * Starts a proxy. It reads each request completely, then forwards it with its original head, including
 * `Host`, because signatures cover it. If the upstream cannot be reached or breaks off, the connection of the client is
 * reset.
 */
export async function startFaultProxy(options: {
  readonly upstream: string;
  /** Names a request. Its body is available. */
  readonly kindOf: (request: Omit<ProxiedRequest, 'kind'>) => RequestKind;
  /** Accepts the requests whose bodies are kept for the test. Others are dropped after the answer. */
  readonly keepBody?: (request: ProxiedRequest) => boolean;
  /** The address of this machine to listen on; loopback by default. */
  readonly host?: string;
}): Promise<FaultProxy> {
  const { hostname, port } = new URL(options.upstream);
  const host = options.host ?? '127.0.0.1';
  const requests: ProxiedRequest[] = [];
  const server = createServer((incoming, response) => {
    void handle(incoming, response);
  });
  // The proxy must not close a connection that a client keeps for long.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.listen(0, host);
  await once(server, 'listening');

  const proxy: FaultProxy = {
    url: `http://${host}:${String((server.address() as AddressInfo).port)}`,
    requests,
    plan: () => undefined,
    onArrival: () => undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // A killed client may break its connection at any time. The request then simply ends.
    response.on('error', () => undefined);
    const body = await bodyOf(incoming);
    if (body === undefined) return;
    const unnamed = describe(incoming, body);
    const request: ProxiedRequest = { ...unnamed, kind: options.kindOf(unnamed) };
    requests.push(request);
    proxy.onArrival(request);
    request.fault = proxy.plan(request);
    const { socket } = incoming;
    try {
      await carryOut({ incoming, response, request, upstream: { hostname, port: Number(port) } });
    } catch (error) {
      if (error instanceof TypeError) throw error;
      // Whatever breaks between proxy and upstream must look to the client like a broken connection.
      reset(socket);
    } finally {
      if (options.keepBody?.(request) !== true) request.body = Buffer.alloc(0);
    }
  }
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly request: ProxiedRequest;
  readonly upstream: { readonly hostname: string; readonly port: number };
}

async function carryOut(exchange: Exchange): Promise<void> {
  const { request } = exchange;
  const { fault } = request;
  const { socket } = exchange.incoming;
  switch (fault?.kind) {
    case 'reset':
      reset(socket);
      return;
    case 'busy':
      refuse(exchange, { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' });
      return;
    case 'refuse':
      refuse(exchange, fault);
      return;
    case 'stall':
      // The client gets no answer until it gives up.
      return;
    case 'latency':
      await wait(fault.ms);
      break;
    case 'hold':
      await fault.until;
      break;
    default:
  }
  const reply = await forward(exchange, fault?.kind === 'cut-request' ? fault.afterBytes : undefined);
  request.status = reply.statusCode;
  request.repliedMs = performance.now();
  if (fault?.kind === 'lost-reply') {
    await bodyOf(reply);
    reset(socket);
    return;
  }
  await sendReply(exchange, reply);
}

/** Answers with an error as Azure and S3 do: the code is in a header and in the body, which a HEAD does not get. */
function refuse(
  { response, request }: Exchange,
  { status, code, message = code }: { readonly status: number; readonly code: string; readonly message?: string },
): void {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': body.length,
    'x-ms-error-code': code,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * Forwards the request. With `cutAfterBytes`, forwards only that many bytes of its body, then breaks both connections.
 */
function forward({ incoming, request, upstream }: Exchange, cutAfterBytes?: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = requestUpstream({
      ...upstream,
      // Each request gets a new connection: a kept one that the upstream has just closed would be an unplanned fault.
      agent: false,
      method: request.method,
      path: incoming.url ?? '/',
      headers: endToEnd(incoming.rawHeaders),
      setHost: false,
    });
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
    if (cutAfterBytes === undefined || cutAfterBytes >= request.body.length) {
      outgoing.end(request.body);
      return;
    }
    outgoing.write(request.body.subarray(0, cutAfterBytes), () => {
      outgoing.destroy(new Error('cut'));
    });
  });
}

async function sendReply({ incoming, response, request }: Exchange, reply: IncomingMessage): Promise<void> {
  const { fault } = request;
  response.sendDate = false;
  response.writeHead(reply.statusCode ?? 502, reply.statusMessage, endToEnd(reply.rawHeaders));
  // Without this, a reply without a body would wait for its first byte.
  response.flushHeaders();
  let left = fault?.kind === 'cut-reply' || fault?.kind === 'stall-reply' ? fault.afterBytes : Number.POSITIVE_INFINITY;
  for await (const piece of reply as AsyncIterable<Buffer>) {
    const sent = piece.subarray(0, left);
    left -= sent.length;
    if (response.destroyed) return;
    if (!response.write(sent)) await drainedOrClosed(response);
    if (left > 0) continue;
    if (fault?.kind === 'stall-reply') return;
    if (fault?.kind !== 'cut-reply') continue;
    if (fault.how === 'reset') reset(incoming.socket);
    else incoming.socket.end();
    return;
  }
  response.end();
}

async function drainedOrClosed(response: ServerResponse): Promise<void> {
  const decided = new AbortController();
  const { signal } = decided;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    // Remove the other listener: a large reply waits many times.
    decided.abort();
  }
}

function describe(incoming: IncomingMessage, body: Buffer): Omit<ProxiedRequest, 'kind'> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://proxy');
  return {
    method: incoming.method ?? '',
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers: incoming.headers,
    body,
    arrivedMs: performance.now(),
    status: undefined,
    repliedMs: undefined,
    fault: undefined,
  };
}

/** Reads a whole message. Returns undefined if its sender broke off. */
async function bodyOf(message: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of message as AsyncIterable<Buffer>) pieces.push(piece);
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces);
}

/** Drops the headers that concern only the connection between two neighbours. */
function endToEnd(rawHeaders: readonly string[]): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (hopByHop.has(name.toLowerCase())) continue;
    const before = kept[name];
    kept[name] = before === undefined ? value : [before, value].flat();
  }
  return kept;
}

const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'expect']);

function reset(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
}
