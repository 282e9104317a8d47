import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../support/faults/fault.js';
import { startFaultProxy, type FaultProxy } from '../support/faults/fault-proxy.js';
import { startScriptedServer, type ScriptedServer } from '../support/servers/scripted-server.js';

describe('the fault-injecting proxy', () => {
  const answer = Buffer.alloc(100_000, 'a');
  let upstream: ScriptedServer;
  let proxy: FaultProxy;

  beforeAll(async () => {
    upstream = await startScriptedServer((_request, response) => {
      response.writeHead(200, { 'content-length': answer.length, etag: '"one"' }).end(answer);
    });
    proxy = await startFaultProxy({ upstream: upstream.url, kindOf: () => 'put object' });
  });
  afterAll(async () => {
    await proxy.close();
    await upstream.close();
  });

  it('passes on bytes, path, query and the Host that the client named, and counts by decoded path', async () => {
    const body = Buffer.from('body');
    const response = await fetch(`${proxy.url}/bucket/a%20b?x-id=PutObject`, { method: 'PUT', body });

    expect(digest(Buffer.from(await response.arrayBuffer()))).toBe(digest(answer));
    expect(response.headers.get('etag')).toBe('"one"');
    const seen = upstream.requests.at(-1);
    expect(seen).toMatchObject({ method: 'PUT', url: '/bucket/a%20b?x-id=PutObject', body });
    expect(seen?.headers.host).toBe(new URL(proxy.url).host);
    expect(proxy.requests.at(-1)).toMatchObject({ kind: 'put object', path: '/bucket/a b', status: 200 });
  });

  it.each<{ fault: Fault; reachesServer: boolean; bytes: number | 'broken' | 'any'; status?: number }>([
    { fault: { kind: 'reset' }, reachesServer: false, bytes: 'broken' },
    { fault: { kind: 'lost-reply' }, reachesServer: true, bytes: 'broken' },
    { fault: { kind: 'busy' }, reachesServer: false, bytes: 'any', status: 503 },
    { fault: { kind: 'refuse', status: 409, code: 'Odd' }, reachesServer: false, bytes: 'any', status: 409 },
    { fault: { kind: 'latency', ms: 1 }, reachesServer: true, bytes: answer.length },
    { fault: { kind: 'hold', until: Promise.resolve() }, reachesServer: true, bytes: answer.length },
    { fault: { kind: 'cut-request', afterBytes: 2 }, reachesServer: false, bytes: 'broken' },
    { fault: { kind: 'cut-reply', afterBytes: 10, how: 'reset' }, reachesServer: true, bytes: 'broken' },
    { fault: { kind: 'cut-reply', afterBytes: 10, how: 'end' }, reachesServer: true, bytes: 'broken' },
  ])('injects the fault: $fault.kind', async ({ fault, reachesServer, bytes, status = 200 }) => {
    const before = upstream.requests.length;
    proxy.plan = () => fault;
    const got = await fetch(`${proxy.url}/key`, { method: 'PUT', body: 'body' })
      .then(async (response) => ({ status: response.status, bytes: (await response.arrayBuffer()).byteLength }))
      .catch(() => 'broken' as const);

    if (bytes === 'broken') expect(got).toBe('broken');
    else expect(got).toMatchObject({ status });
    if (typeof got === 'object' && typeof bytes === 'number') expect(got.bytes).toBe(bytes);
    expect(upstream.requests.length - before).toBe(reachesServer ? 1 : 0);
    expect(proxy.requests.at(-1)).toMatchObject({ fault, status: reachesServer ? 200 : undefined });
  });

  it.each<Fault>([{ kind: 'stall' }, { kind: 'stall-reply', afterBytes: 10 }])(
    'keeps the client waiting: $kind',
    async (fault) => {
      proxy.plan = () => fault;
      const read = fetch(`${proxy.url}/key`, { signal: AbortSignal.timeout(300) }).then((response) =>
        response.arrayBuffer(),
      );

      await expect(read).rejects.toThrow(/abort|timeout/i);
    },
  );
});

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
