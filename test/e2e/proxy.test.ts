import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as requestUpstream } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startConnectProxy, type ConnectProxy } from '../support/servers/connect-proxy.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';

const certificate = new URL('../support/servers/tls/certificate.pem', import.meta.url).pathname;
const key = new URL('../support/servers/tls/key.pem', import.meta.url).pathname;
const workerProgram = new URL('../../dist/worker.js', import.meta.url).pathname;

describe('behind a proxy, with a certificate authority of its own', () => {
  const stack = inject('stack');
  const temporalPort = Number(stack.environment['TEMPORAL_ADDRESS']?.split(':')[1]);
  const secureS3 = createTlsServer(
    { cert: readFileSync(certificate), key: readFileSync(key) },
    (incoming, response) => {
      const { hostname, port } = new URL(stack.s3Endpoint);
      const { method, url: path, headers } = incoming;
      incoming.pipe(
        requestUpstream({ hostname, port, method, path, headers, setHost: false }, (reply) => {
          response.writeHead(reply.statusCode ?? 502, reply.headers);
          reply.pipe(response);
        }),
      );
    },
  );
  let proxy: ConnectProxy;
  let environment: Record<string, string>;
  let migrationPath: string;

  beforeAll(async () => {
    secureS3.listen(0, '127.0.0.1');
    await once(secureS3, 'listening');
    proxy = await startConnectProxy({
      'temporal.internal.test': temporalPort,
      's3.internal.test': (secureS3.address() as AddressInfo).port,
    });
    environment = {
      ...stack.environment,
      TEMPORAL_ADDRESS: `temporal.internal.test:${String(temporalPort)}`,
      HTTPS_PROXY: proxy.url.replace('//', '//user:p%40ss@'),
      NO_PROXY: '',
      no_proxy: '',
      NODE_EXTRA_CA_CERTS: certificate,
    };
    migrationPath = join(mkdtempSync(join(stack.stateDir, 'proxied-')), 'migration.yaml');
    writeFileSync(
      migrationPath,
      `version: 1
name: proxied
units: { from: units.csv }
accounts: { east: { endpoint: "https://east.internal.test", credential: prodeast } }
find: [{ account: east, container: events, prefix: "x/" }]
target:
  { bucket: no-such-bucket, key: "{{ unit.id }}.gz",
    endpoint: "https://s3.internal.test", region: us-east-1, forcePathStyle: true }
`,
    );
  });
  afterAll(async () => {
    await proxy.close();
    secureS3.closeAllConnections();
    secureS3.close();
  });

  const authorization = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;

  it('the command line reaches Temporal and S3 through it', async () => {
    const list = await runLonghaul(['list'], environment);
    expect(list.exitCode, list.stderr).toBe(0);
    expect(proxy.tunnels).toContainEqual({ to: environment['TEMPORAL_ADDRESS'], authorization });

    // The store itself reports that there is no such bucket.
    const status = await runLonghaul(['status', migrationPath], environment);
    expect(proxy.tunnels).toContainEqual({ to: 's3.internal.test:443', authorization });
    expect(`${String(status.exitCode)} ${status.stderr}`).toMatch(/^2 .*no-such-bucket/);
    expect(status.stderr).not.toContain('p%40ss');
  });

  it('a worker reaches Temporal through it', async () => {
    const before = proxy.tunnels.length;
    const worker = execa(process.execPath, [workerProgram, '--processes', '1', '--task-queue', 'proxied'], {
      env: environment,
      reject: false,
      stdin: 'ignore',
      all: true,
    });
    let log = '';
    for await (const text of worker.iterable({ from: 'all' })) {
      log += text;
      if (log.includes('ready: serves task queue')) worker.kill('SIGTERM');
    }
    expect(log).toContain('ready: serves task queue');
    expect(proxy.tunnels.slice(before)).toContainEqual({ to: environment['TEMPORAL_ADDRESS'], authorization });
  });

  it('a refusal by the proxy is reported as such, and NO_PROXY and this machine bypass it', async () => {
    const refusing = await startConnectProxy({ 'temporal.internal.test': temporalPort }, 404);
    const nobody = createServer();
    nobody.listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const dead = `http://127.0.0.1:${String((nobody.address() as AddressInfo).port)}`;
    nobody.close();
    const tunnels = proxy.tunnels.length;
    // In parallel: a store that cannot be reached is retried for a while.
    const [refused, past, here] = await Promise.all([
      runLonghaul(['status', migrationPath], { ...environment, HTTPS_PROXY: refusing.url }),
      runLonghaul(['status', migrationPath], { ...environment, no_proxy: '.internal.test' }),
      runLonghaul(['list'], { ...stack.environment, https_proxy: dead, http_proxy: dead, no_proxy: '', NO_PROXY: '' }),
    ]);
    await refusing.close();
    const words = /the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) refused to connect to s3\.internal\.test: status 404/;
    expect(refused).toMatchObject({ exitCode: 6, stderr: expect.stringMatching(words) as string });
    expect(past).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('ENOTFOUND') as string });
    expect(proxy.tunnels).toHaveLength(tunnels);
    expect(here.exitCode, here.stderr).toBe(0);
  });
});
