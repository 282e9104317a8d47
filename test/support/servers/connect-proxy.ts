import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** An HTTP proxy on loopback that opens tunnels (`CONNECT`). */
export interface ConnectProxy {
  readonly url: string;
  /** `host:port` of every requested tunnel, in order, and the credential sent with the request. */
  readonly tunnels: { readonly to: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Starts a proxy that opens tunnels to loopback ports by host name. It refuses every other host with `refusedWith`. */
export async function startConnectProxy(
  ports: Readonly<Record<string, number>>,
  refusedWith = 502,
): Promise<ConnectProxy> {
  const tunnels: { to: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    tunnels.push({ to: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    const port = ports[request.url?.split(':')[0] ?? ''];
    if (port === undefined) {
      client.end(`HTTP/1.1 ${String(refusedWith)} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // When one end of a tunnel closes, for whatever reason, so does the other.
      socket.on('error', () => other.destroy()).on('close', () => sockets.delete(socket) && other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    tunnels,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
