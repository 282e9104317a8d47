import { connect, createServer } from 'node:net';

const busyMs = 100;

/**
 * Passes connections on to a server, and what the server answers back after `latencyMs`, so that every request takes at
 * least that long. Answers share a link with a limit of `bytesPerSecond`, if there is one. It does not interpret what
 * it passes on, and reports how many bytes clients have sent.
 *
 * @param {{
 *   host: string,
 *   port: number,
 *   latencyMs: number,
 *   bytesPerSecond?: number,
 *   sent?: (bytes: number) => void,
 * }} options
 */
export function latencyProxy({ host, port, latencyMs, bytesPerSecond = Infinity, sent }) {
  let freeAtMs = 0;
  /** Returns how long the link takes to pass on this many bytes. @param {number} bytes */
  const delayMs = (bytes) => {
    const now = performance.now();
    freeAtMs = Math.max(now, freeAtMs) + (bytes / bytesPerSecond) * 1_000;
    return latencyMs + freeAtMs - now;
  };
  return createServer({ noDelay: true }, (client) => {
    const server = connect({ host, port, noDelay: true });
    client.on('data', (bytes) => {
      sent?.(bytes.length);
      if (!server.write(bytes)) client.pause();
    });
    server.on('drain', () => client.resume());
    // Delays never become shorter while a link is busy, and timers of one length end in the order in which they began,
    // so bytes keep their order.
    const later = (/** @type {number} */ bytes, /** @type {() => void} */ step) => setTimeout(step, delayMs(bytes));
    server.on('data', (bytes) => {
      // A slow link slows down the sender, so that little is buffered here.
      const isBusy = delayMs(0) > latencyMs + busyMs;
      if (isBusy) server.pause();
      later(bytes.length, () => {
        if (!client.destroyed) client.write(bytes);
        if (isBusy) server.resume();
      });
    });
    server.on('end', () => later(0, () => client.end()));
    client.on('end', () => server.end());
    // A client that is killed leaves the other side open.
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
  });
}
