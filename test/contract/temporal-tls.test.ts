import { mkdtempSync, rmSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectTemporal } from '../../src/client/connect-temporal.js';
import { CommandError } from '../../src/commands/ending/command-error.js';
import { readEnvironment } from '../../src/env.js';
import { findTemporalFault } from '../../src/temporal-fault.js';
import { connectPatiently } from '../../src/worker/connect.js';
import {
  makeAuthority,
  makeCertificate,
  readPair,
  type MadeCertificate,
} from '../support/servers/made-certificates.js';
import { startTemporalServer } from '../support/servers/temporal-server.js';
import { startTlsFront, type TlsFront } from '../support/servers/tls-front.js';

/** The environment variables are those that Temporal Cloud's own documentation names. */
describe('Temporal behind TLS that asks for a certificate', () => {
  let folder: string;
  let server: TestWorkflowEnvironment;
  let front: TlsFront;
  let misnamed: TlsFront;
  const made: Record<string, MadeCertificate> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-tls-'));
    server = await startTemporalServer();
    const servers = await makeAuthority(folder, 'servers');
    const clients = await makeAuthority(folder, 'clients');
    const strangers = await makeAuthority(folder, 'strangers');
    const certificate = await makeCertificate(folder, 'temporal', servers);
    const elsewhere = await makeCertificate(folder, 'elsewhere', servers, 'temporal.example');
    Object.assign(made, { servers, strangers, certificate });
    made['client'] = await makeCertificate(folder, 'client', clients);
    made['stranger'] = await makeCertificate(folder, 'stranger', strangers);
    front = await startTlsFront({ to: server.address, certificate, clients: clients.cert });
    misnamed = await startTlsFront({ to: server.address, certificate: elsewhere, clients: clients.cert });
  });
  afterAll(async () => {
    front.close();
    misnamed.close();
    await server.teardown();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** Sets the environment of a client: whose certificate it shows, and whose servers it trusts. */
  function setEnvironment(port: number, client: string | undefined, trusted: string | undefined): void {
    const variables = {
      TEMPORAL_ADDRESS: `localhost:${String(port)}`,
      TEMPORAL_TLS_CLIENT_CERT_PATH: made[client ?? '']?.cert,
      TEMPORAL_TLS_CLIENT_KEY_PATH: made[client ?? '']?.key,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: made[trusted ?? '']?.cert,
    };
    for (const [name, value] of Object.entries(variables)) if (value !== undefined) vi.stubEnv(name, value);
  }

  it('is reached by the command line and by workers with the certificate of the environment', async () => {
    setEnvironment(front.port, 'client', 'servers');
    const port = await connectTemporal(readEnvironment());
    expect(port.address).toBe(`localhost:${String(front.port)}`);
    await port.close();

    const { connection } = await connectPatiently(pino({ enabled: false }), AbortSignal.timeout(60_000));
    expect(await connection.workflowService.getSystemInfo({})).toHaveProperty('serverVersion');
    await connection.close();
  });

  it('refuses the certificate of somebody else, and the command line says so and what to do', async () => {
    setEnvironment(front.port, 'stranger', 'servers');
    const error = await connectTemporal(readEnvironment()).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({
      exitStatus: 6,
      message: expect.stringMatching(
        /^Connecting to Temporal at localhost:\d+ failed: the server refuses the certificate of this client \(.+\)$/,
      ) as string,
      next: expect.stringContaining('TEMPORAL_TLS_CLIENT_CERT_PATH') as string,
    });
  });

  it('refuses the certificate of somebody else, and a worker says so in its log and tries again', async () => {
    setEnvironment(front.port, 'stranger', 'servers');
    expect(await firstWarning()).toMatchObject({
      level: 40,
      msg: expect.stringMatching(
        /^no connection to Temporal at .+: the server refuses the certificate of this client .+; trying again\. /,
      ) as string,
    });
  });

  it.each([
    ['no certificate of the client', undefined, 'servers', /^the server refuses a client without a certificate \(/],
    ['an authority that has not signed it', 'client', 'strangers', /^its certificate is not trusted \(/],
    ['no authority', 'client', undefined, /^its certificate is not trusted \(/],
    ['no TLS at all', undefined, undefined, /^a server answers there, but not without TLS$/],
  ])('is told apart: %s', async (_what, client, trusted, reason) => {
    setEnvironment(front.port, client, trusted);
    expect(await fault()).toMatch(reason);
  });

  it('is told apart: a certificate for another name', async () => {
    setEnvironment(misnamed.port, 'client', 'servers');
    expect(await fault()).toMatch(/^its certificate is for another name \(/);
    vi.stubEnv('TEMPORAL_TLS_SERVER_NAME', 'temporal.example');
    expect(await fault()).toBeUndefined();
  });

  it('is told apart: TLS for a server that has none, and nobody there', async () => {
    vi.stubEnv('TEMPORAL_TLS', 'true');
    vi.stubEnv('TEMPORAL_ADDRESS', server.address);
    expect(await fault()).toBe('the server there does not speak TLS');
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    expect(await fault()).toBeUndefined();
  });

  it('is told apart: a key of another certificate', async () => {
    setEnvironment(front.port, 'client', 'servers');
    vi.stubEnv('TEMPORAL_TLS_CLIENT_KEY_PATH', made['stranger']?.key);
    expect(await fault()).toMatch(/^certificate and key cannot be used \(/);
  });

  /** Starts a server that knows no key, and names it in the environment. */
  async function refuseKeys(): Promise<{ readonly keys: readonly unknown[]; readonly cloud: Http2SecureServer }> {
    const keys: unknown[] = [];
    const cloud = createSecureServer(readPair(made['certificate'] as MadeCertificate));
    cloud.on('stream', (stream, headers) => {
      keys.push(headers.authorization);
      // The answer of gRPC to a key that it does not know.
      stream.respond({ 'content-type': 'application/grpc', 'grpc-status': '16' }, { endStream: true });
    });
    await new Promise<void>((listening) => cloud.listen(0, '127.0.0.1', listening));
    setEnvironment((cloud.address() as AddressInfo).port, undefined, 'servers');
    vi.stubEnv('TEMPORAL_API_KEY', 'key-of-the-cloud');
    return { keys, cloud };
  }

  it('gets the API key of the environment over TLS, and its refusal is reported as such', async () => {
    const { keys, cloud } = await refuseKeys();
    await expect(connectTemporal(readEnvironment())).rejects.toMatchObject({
      message: expect.stringMatching(/failed: the server refuses this client$/) as string,
      next: expect.stringContaining('TEMPORAL_API_KEY') as string,
    });
    expect(keys[0]).toBe('Bearer key-of-the-cloud');
    cloud.close();
  });

  it('refuses the API key of a worker, which says so in its log, without the key, and tries again', async () => {
    const { keys, cloud } = await refuseKeys();
    const line = await firstWarning();
    expect(keys[0]).toBe('Bearer key-of-the-cloud');
    expect(line).toMatchObject({
      level: 40,
      msg: expect.stringMatching(
        /^no connection to Temporal at .+: the server refuses this client; trying again\. .*TEMPORAL_API_KEY/,
      ) as string,
    });
    expect(JSON.stringify(line)).not.toContain('key-of-the-cloud');
    cloud.close();
  });
});

/** Returns the first line of the log of a worker that cannot connect. */
async function firstWarning(): Promise<unknown> {
  const end = new AbortController();
  let line = '';
  const log = pino({}, { write: (text: string) => ((line = text), setImmediate(() => end.abort(new Error('end')))) });
  await expect(connectPatiently(log, end.signal)).rejects.toThrow('end');
  return JSON.parse(line) as unknown;
}

/** What keeps a client in this environment from Temporal. */
async function fault(): Promise<string | undefined> {
  const { address = '', tls } = loadClientConnectConfig().connectionOptions;
  return (await findTemporalFault({ address, tls }))?.reason;
}
