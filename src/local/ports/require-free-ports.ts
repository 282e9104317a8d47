import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalStackError } from '../failure/local-stack-error.js';

/** A port that a part is about to listen on, and what for. */
export interface PortNeed {
  readonly port: number;
  /** Who needs it, as told to the user: "Temporal's Web UI". */
  readonly purpose: string;
}

/** Throws `LocalStackError` naming the first port on 127.0.0.1 that something else holds, who needs it, and the way out. */
export async function requireFreePorts(needs: readonly PortNeed[]): Promise<void> {
  for (const { port, purpose } of needs) {
    const reason = await whyStillTaken(port);
    if (reason === undefined) continue;
    throw new LocalStackError('usage', `Port ${port}, needed for ${purpose}, cannot be used: ${reason}`, {
      next: 'End the program that holds it, or choose other ports for the whole stack: --port-base 17000',
    });
  }
}

/** A process that was killed is seen to be dead some milliseconds before the last of its threads lets go of its ports. */
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
