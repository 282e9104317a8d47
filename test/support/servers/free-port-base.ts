import { createServer } from 'node:net';

/** The number of consecutive ports that a local stack takes, with some to spare. */
const portsWanted = 40;
/** Bases are this far apart. The last port of the distance is held for as long as this process lives. */
const distance = 100;

/**
 * Returns a base from which {@link portsWanted} consecutive loopback ports are free, below the ephemeral ports. No
 * other process that asks gets the same one while this process lives.
 */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 10_000 + Math.floor(Math.random() * 220) * distance;
    if (!(await hold(base + distance - 1))) continue;
    const free = await Promise.all(Array.from({ length: portsWanted }, (_unused, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free range of ports was found');
}

/** Listens on a port until this process ends. Returns false if another program does so already. */
function hold(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.unref();
      resolve(true);
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
