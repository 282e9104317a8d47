import { createServer, type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { connectPatiently } from '../../../src/worker/connect.js';

test('a drain while Temporal does not answer ends the wait with its own reason, which is no error', async () => {
  // A port on which nothing listens any more.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('TEMPORAL_ADDRESS', `127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  await new Promise((resolve) => server.close(resolve));

  const drain = new AbortController();
  const reason = new Error('told to drain');
  // It is reported once the first attempt has failed.
  const log = pino({}, { write: () => void setImmediate(() => drain.abort(reason)) });
  await expect(connectPatiently(log, drain.signal)).rejects.toBe(reason);
  vi.unstubAllEnvs();
});
