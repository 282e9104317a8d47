import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseHealthAddress } from '../../../../src/worker/health/health-address.js';
import { HealthBoard } from '../../../../src/worker/health/health-board.js';
import { serveHealth } from '../../../../src/worker/health/serve-health.js';

describe('the health checks of a worker', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it('are answered with 200 or 503, and why', async () => {
    const board = new HealthBoard({ processes: 1, drainMs: 75_000 });
    server = await serveHealth('127.0.0.1:0', board);
    const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const ask = async (path: string, method = 'GET'): Promise<unknown> => {
      const response = await fetch(base + path, { method });
      return [response.status, await response.text()];
    };

    expect(await ask('/healthz')).toEqual([200, '{"status":"healthy","processes":{"1":"starting"}}\n']);
    expect(await ask('/readyz')).toEqual([
      503,
      '{"status":"process 1 has not reached Temporal yet","processes":{"1":"starting"}}\n',
    ]);
    board.note(1, 'polling');
    expect(await ask('/readyz?verbose')).toEqual([200, '{"status":"ready","processes":{"1":"polling"}}\n']);
    expect(await ask('/readyz', 'HEAD')).toEqual([200, '']);
    expect(await ask('/metrics')).toEqual([404, 'There are /healthz and /readyz.\n']);
    expect(await ask('/healthz', 'POST')).toEqual([405, '']);
  });

  it('cannot be served where another program listens, and the message says so', async () => {
    const board = new HealthBoard({ processes: 1, drainMs: 75_000 });
    server = await serveHealth('127.0.0.1:0', board);
    const address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    await expect(serveHealth(address, board)).rejects.toThrow(
      `LONGHAUL_HEALTH asks for health checks at ${address}, where none can be served: listen EADDRINUSE`,
    );
  });

  it('are served at a host and a port', () => {
    expect(parseHealthAddress('0.0.0.0:9460')).toEqual({ host: '0.0.0.0', port: 9460 });
    expect(parseHealthAddress('[::]:9460')).toEqual({ host: '::', port: 9460 });
    for (const wrong of ['9460', ':9460', 'localhost', 'localhost:http', 'localhost:65536', '::1:9460']) {
      expect(() => parseHealthAddress(wrong), wrong).toThrow(
        `LONGHAUL_HEALTH asks for health checks at ${wrong}, which is not a host and a port. An example is ` +
          '127.0.0.1:9460',
      );
    }
  });
});
