import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, inject, it } from 'vitest';
import { planPorts, portNames, type StackPorts } from '../../src/local/ports/plan-ports.js';
import { partPid } from '../support/servers/stack-parts.js';

const stack = inject('stack');
const ports = planPorts(stack.portBase);
const foreign = 'evil.example';

/** A request that a web page can send without asking first: a simple method, a plain body. */
interface PageRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
}

const workflow = JSON.stringify({ workflowType: { name: 'migration' }, taskQueue: { name: 'longhaul' } });
const changes = ['POST', 'PUT', 'DELETE'].map((method) => ({ method, path: '/buckets/archive/one', body: 'changed' }));

/** What a page would try on each port that could give it anything. gRPC does not speak a browser's HTTP at all. */
const attacks = {
  temporal: 'gRPC',
  temporalUi: [{ method: 'POST', path: '/api/v1/namespaces/default/workflows/evil', body: workflow }],
  temporalMetrics: [{ method: 'POST', path: '/api/v1/namespaces/default/workflows/evil', body: workflow }],
  temporalHttp: [
    { method: 'POST', path: '/api/v1/namespaces/default/workflows/evil', body: workflow },
    { path: '/api/v1/namespaces' },
  ],
  azurite: [
    { path: '/prodeast?comp=list' },
    { method: 'PUT', path: '/prodeast/evil?restype=container' },
    { method: 'OPTIONS', path: '/prodeast/logs/one' },
  ],
  s3: [
    { path: '/' },
    { method: 'PUT', path: '/evil' },
    { method: 'DELETE', path: '/archive/one' },
    { method: 'POST', path: '/', body: 'Action=CreateAccessKey&UserName=longhaul&Version=2010-05-08' },
  ],
  s3Grpc: 'gRPC',
  s3Master: [
    { path: '/dir/assign' },
    { path: '/dir/status' },
    { method: 'POST', path: '/submit', body: 'evil' },
    { method: 'POST', path: '/vol/grow?count=1' },
    { method: 'POST', path: '/col/delete?collection=archive' },
  ],
  s3MasterGrpc: 'gRPC',
  s3Volume: [
    { path: '/1,01637037d6' },
    { method: 'POST', path: '/1,01637037d6', body: 'evil' },
    { method: 'DELETE', path: '/1,01637037d6' },
  ],
  s3VolumeGrpc: 'gRPC',
  s3Filer: [{ path: '/' }, { path: '/buckets/' }, ...changes],
  s3FilerGrpc: 'gRPC',
  s3Admin: [{ path: '/' }, { path: '/api/config' }, { method: 'POST', path: '/api/users', body: '{}' }],
  s3AdminGrpc: 'gRPC',
} as const satisfies Record<keyof StackPorts, 'gRPC' | readonly PageRequest[]>;

describe.each(portNames)('a web page that calls the port %s of the local stack', (name) => {
  const attack: 'gRPC' | readonly PageRequest[] = attacks[name];

  it('is refused, whether it keeps its own host name or not', async () => {
    for (const host of [foreign, `127.0.0.1:${String(ports[name])}`]) {
      if (attack === 'gRPC') {
        await expect(ask(ports[name], host, { method: 'POST', path: '/' })).rejects.toThrow(
          /Parse Error|socket hang up/,
        );
        continue;
      }
      for (const each of attack) {
        const { status, allowedOrigin } = await ask(ports[name], host, each);
        expect([each, host, status]).toEqual([each, host, expect.toSatisfy((code: number) => code >= 400)]);
        expect([each, allowedOrigin]).toEqual([each, expect.not.stringContaining(foreign)]);
      }
    }
  });
});

it.runIf(process.platform === 'linux')(
  'the local stack listens only on this machine, and on no other port that answers a page',
  async () => {
    const found: string[] = [];
    for (const part of ['temporal', 'azurite', 's3', 'workers'] as const) {
      found.push(...listeners(await partPid(stack, part)));
    }
    expect(found.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([]);
    const known = Object.values(ports).map((port) => `127.0.0.1:${String(port)}`);
    expect(found).toEqual(expect.arrayContaining(known));
    // Temporal's services call each other by gRPC, on ports that the system chooses.
    for (const address of found.filter((each) => !known.includes(each))) {
      await expect(ask(Number(address.split(':')[1]), foreign, { path: '/' })).rejects.toThrow(noHttp);
    }
  },
);

const noHttp = /Parse Error|socket hang up|ECONNRESET/;

function ask(
  port: number,
  host: string,
  { method = 'GET', path, body = '' }: PageRequest,
): Promise<{ status: number; allowedOrigin: string }> {
  const headers = { host, origin: `https://${foreign}`, 'content-type': 'text/plain' };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false, timeout: 10_000 },
      (response) => {
        response.resume();
        const allowedOrigin = response.headers['access-control-allow-origin'] ?? '';
        response.once('end', () => resolve({ status: response.statusCode ?? 0, allowedOrigin }));
      },
    );
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The addresses that a process listens on, according to the kernel. */
function listeners(pid: number): string[] {
  const folder = `/proc/${String(pid)}`;
  const sockets = new Set(
    readdirSync(`${folder}/fd`).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/fd/${fd}`))?.[1] ?? []),
  );
  const rows = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`${folder}/net/${name}`, 'utf8').trim().split('\n').slice(1),
  );
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    if (state !== '0A' || !sockets.has(inode)) return [];
    const [address = '', port = ''] = local.split(':');
    return [`${address === '0100007F' ? '127.0.0.1' : address}:${String(Number.parseInt(port, 16))}`];
  });
}

/** The file was closed after the folder was read. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
