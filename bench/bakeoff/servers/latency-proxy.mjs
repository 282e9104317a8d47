import { connect, createServer } from 'node:net';

/**
 * Passes connections on to a server, and what the server answers back after `latencyMs`, so that every request takes at
 * least that long. It looks at no byte, and tells how many clients have sent.
 *
 * @param {{ host: string, port: number, latencyMs: number, sent?: (bytes: number) => void }} options
 */
export function latencyProxy({ host, port, latencyMs, sent }) {
  return createServer({ noDelay: true }, (client) => {
    const server = connect({ host, port, noDelay: true });
    client.on('data', (bytes) => {
      sent?.(bytes.length);
      if (!server.write(bytes)) client.pause();
    });
    server.on('drain', () => client.resume());
    // Timers of one length end in the order in which they began, so bytes keep their order.
    const later = (/** @type {() => void} */ step) => setTimeout(step, latencyMs);
    server.on('data', (bytes) => later(() => client.destroyed || client.write(bytes)));
    server.on('end', () => later(() => client.end()));
    client.on('end', () => server.end());
    // Who is killed leaves the other side open.
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
  });
}
