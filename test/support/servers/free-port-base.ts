import { createServer } from 'node:net';

/** The number of consecutive ports that a local stack takes, with some to spare. */
const portsWanted = 40;

/** Returns a base from which {@link portsWanted} consecutive loopback ports are free, below the ephemeral ports. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 10_000 + Math.floor(Math.random() * 220) * 100;
    const free = await Promise.all(Array.from({ length: portsWanted }, (_unused, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free range of ports was found');
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
