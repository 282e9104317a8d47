import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from '../failure/local-stack-error.js';

/** A port that a part is about to listen on, and its purpose. */
export interface PortNeed {
  readonly port: number;
  /** Shown to the user: "Temporal's Web UI". */
  readonly purpose: string;
}

/**
 * Throws `LocalStackError` if something else holds one of the ports on 127.0.0.1. It says which, what it is for, and
 * what to do.
 */
export async function requireFreePorts(needs: readonly PortNeed[]): Promise<void> {
  for (const { port, purpose } of needs) {
    const reason = await whyStillTaken(port);
    if (reason === undefined) continue;
    throw new LocalStackError('usage', `Port ${port}, needed for ${purpose}, cannot be used: ${reason}`, {
      next: 'End the program that holds it, or choose other ports for the whole stack: --port-base 17000',
    });
  }
}

/** A killed process is seen as dead a few milliseconds before the last of its threads releases its ports. */
async function whyStillTaken(port: number): Promise<string | undefined> {
  const [attempts, pauseMs] = [20, 50];
  let reason = await whyTaken(port);
  for (let attempt = 1; attempt < attempts && reason !== undefined; attempt += 1) {
    await sleep(pauseMs);
    reason = await whyTaken(port);
  }
  return reason;
}

function whyTaken(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EADDRINUSE' ? 'another program listens on it' : error.message);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
