import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/domain/text/secret.js';
import { createS3Target, type S3Target, type S3TargetOptions } from '../../../../src/stores/s3/s3-target.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { refuse } from './refuse.js';

const running = new AbortController().signal;
const body = Buffer.from('x');
const put = { key: 'k', body, crc32: 'jNDOoA==', metadata: {}, condition: { kind: 'absent' } } as const;
const part = { key: 'k', uploadId: 'u', number: 1, body, crc32: put.crc32 };
const complete = { ...part, parts: [], bytes: 1, condition: put.condition };

describe.each(['lean', 'sdk'] as const)('requests to a bucket, over the HTTP client %s', (http) => {
  let server: ScriptedServer;
  let target: S3Target;
  beforeEach(async () => {
    server = await startScriptedServer();
    target = open();
  });
  afterEach(async () => {
    target.close();
    await server.close();
  });

  it.each<[name: string, request: (impatient: S3Target) => Promise<unknown>]>([
    ['a put', (impatient) => impatient.put(put, running)],
    ['a part', (impatient) => failureOf(impatient.uploadPart(part, running))],
    ['a Complete', (impatient) => impatient.completeUpload(complete, running)],
    ['a HEAD', (impatient) => failureOf(impatient.head('k', running))],
  ])('end with their time: the connection of %s that is not answered is closed', async (_name, request) => {
    const impatient = open({ timeoutMs: 100, completeTimeoutMs: 100 });
    const closed = new Promise((resolve) => {
      server.script = (_request, response) => void response.on('close', resolve);
    });
    // On a busy machine the time may be over before anything was sent.
    while (server.requests.length === 0) await request(impatient);
    await closed;
    expect(server.requests).toHaveLength(1);
    impatient.close();
  });

  it('are not held back by failures before them: no budget of retries can run dry', async () => {
    server.script = (_request, response) => refuse(response, 500, 'InternalError');
    for (let failed = 0; failed < 150; failed += 1) await failureOf(target.uploadPart(part, running));
    expect(server.requests).toHaveLength(150);
    server.script = (_request, response) => void response.writeHead(200, { etag: '"e"' }).end();
    expect(await target.put(put, running)).toMatchObject({ state: 'stored' });
    expect(server.requests).toHaveLength(151);
  });

  it('use a bounded number of connections; the others wait for one', async () => {
    const narrow = open({ socketsMax: 2 });
    const waiting: ServerResponse[] = [];
    const sockets = new Set<unknown>();
    let arrived = (): void => undefined;
    server.script = (_request, response) => {
      sockets.add(response.socket);
      waiting.push(response);
      arrived();
    };
    const all = Promise.all(Array.from({ length: 9 }, () => narrow.put(put, running)));
    for (let answered = 0; answered < 9; answered += 1) {
      const response = waiting.shift() ?? (await new Promise<void>((resolve) => (arrived = resolve)), waiting.shift());
      if (response === undefined) throw new Error('no request arrived');
      const finished = once(response, 'finish');
      response.writeHead(200, { etag: '"e"' }).end();
      await finished;
    }
    expect(await all).toHaveLength(9);
    expect(sockets.size).toBe(2);
    narrow.close();
  });

  function open(options: Partial<S3TargetOptions> = {}): S3Target {
    return createS3Target({
      target: { ...smallDefinition().target, endpoint: server.url, forcePathStyle: true },
      ...{
        keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('secret') },
        allowInsecureEndpoints: true,
        http,
        ...options,
      },
    });
  }
});
