import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamBlob } from '../../../../src/pipeline/source/fetch-blob.js';
import { resetAfterWrite, startScriptedServer } from '../../../support/servers/scripted-server.js';
import { drain, failureOf } from '../failure-of.js';
import { blob, body, head, partial, refuse, running, ScriptedAzure } from './scripted-azure.js';

let azure: ScriptedAzure;

describe.each(['lean', 'sdk'] as const)('reading a blob of Azure, over the HTTP client %s', (http) => {
  beforeEach(async () => {
    azure = await ScriptedAzure.start(http);
  });
  afterEach(() => azure.close());

  it('asks for the listed version, in one request without a range', async () => {
    azure.answerWhole();
    expect(await azure.read()).toHaveLength(body.length);
    const request = azure.server.requests.at(-1)!;
    expect(request.headers['if-match']).toBe('"0x1"');
    expect(request.headers['x-ms-range'] ?? request.headers.range).toBeUndefined();
    expect(request.url).toBe('/prodeast/events/a/b.bz2');
  });

  it('treats a connection reset in the body as a network failure, not as a cancel', async () => {
    const before = azure.server.requests.length;
    azure.server.script = (_request, response) => {
      head(response);
      resetAfterWrite(response, body.subarray(0, 100_000));
    };
    const failure = await failureOf(azure.read());
    expect(failure).toMatchObject({ failureClass: 'SourceNetwork', blob: 'east/events/a/b.bz2', what: 'account east' });
    expect(failure.message).toMatch(/read east\/events\/a\/b\.bz2: the connection broke after \d+ of 300000 bytes/);
    expect(azure.server.requests.length - before).toBe(1);
  });

  it('notices a body that ends too early', async () => {
    azure.server.script = (_request, response) => {
      head(response);
      response.write(body.subarray(0, 1_000), () => response.socket?.end());
    };
    expect((await failureOf(azure.read())).failureClass).toMatch(/^SourceNetwork/);
  });

  it('gives up on a body that stalls', async () => {
    const impatient = azure.open({ idleTimeoutMs: 50 });
    azure.server.script = (_request, response) => {
      head(response);
      response.write(body.subarray(0, 1_000));
    };
    const failure = await failureOf(drain(impatient.open(blob, running)));
    expect(failure).toMatchObject({ failureClass: 'SourceStalled', what: 'account east' });
    impatient.close();
  });

  it('gives up on a body that only drips', async () => {
    const impatient = azure.open({ slowest: { bytes: 10_000, withinMs: 50 } });
    azure.server.script = (_request, response) => {
      head(response);
      const drip = setInterval(() => response.write(body.subarray(0, 10)), 1);
      response.on('close', () => clearInterval(drip));
    };
    const failure = await failureOf(drain(impatient.open(blob, running)));
    expect(failure).toMatchObject({ failureClass: 'SourceStalled', what: 'account east' });
    expect(failure.message).toMatch(/only \d+ bytes arrived in 0\.05 s/);
    impatient.close();
  });

  it('reads the rest of the same version from an offset, where a body broke', async () => {
    azure.server.script = (request, response) => {
      const range = request.headers['x-ms-range'] ?? request.headers.range;
      expect([range, request.headers['if-match']]).toEqual(['bytes=100000-', '"0x1"']);
      partial(response, 100_000);
      response.end(body.subarray(100_000));
    };
    // Its MD5 would be that of the whole body.
    const rest = await drain(azure.source.open({ ...blob, md5: 'another' }, running, 100_000));
    expect(rest.equals(body.subarray(100_000))).toBe(true);
  });

  it('gets to the end on a path that cuts every connection, with the bytes and MD5 of the listing', async () => {
    const original = Buffer.from(Array.from({ length: body.length }, (_unused, index) => index % 251));
    const froms: number[] = [];
    azure.server.script = (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(String(request.headers['x-ms-range']))?.[1] ?? 0);
      froms.push(from);
      if (from === 0) head(response);
      else partial(response, from);
      resetAfterWrite(response, original.subarray(from, from + 130_000));
    };
    const md5 = createHash('md5').update(original).digest('base64');
    const read = await drain(streamBlob(azure.source, { ...blob, md5 }, running));
    expect(read.equals(original)).toBe(true);
    // What had left before the reset may be less than was written.
    expect(froms[0]).toBe(0);
    expect(froms).toEqual([...froms].sort((a, b) => a - b));
    expect(froms.length).toBeGreaterThanOrEqual(3);
  });

  it('accepts only the range asked for as the rest of a body', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => head(response),
      (response) => partial(response, 99_999),
      (response) => partial(response, 100_000, { 'content-range': 'bytes 100000-299999/300001' }),
      (response) => partial(response, 100_000, { etag: '"0x2"' }),
    ];
    for (const answer of answers) {
      azure.server.script = (_request, response) => {
        answer(response);
        response.end(body);
      };
      expect((await failureOf(drain(azure.source.open(blob, running, 100_000)))).failureClass).toBe('SourceProtocol');
    }
  });

  it('gives up on an answer that never begins', async () => {
    const impatient = azure.open({ timeoutMs: 50 });
    azure.server.script = () => {};
    expect(await failureOf(drain(impatient.open(blob, running)))).toMatchObject({ failureClass: 'SourceStalled' });
    expect(await failureOf(impatient.head(blob, running))).toMatchObject({ failureClass: 'SourceStalled' });
    impatient.close();
  });

  it('rejects with the reason of its own signal, even while it waits', async () => {
    const controller = new AbortController();
    const reason = new Error('shutdown');
    azure.server.script = () => controller.abort(reason);
    await expect(drain(azure.source.open(blob, controller.signal))).rejects.toBe(reason);
  });

  it('does not read a blob whose length is not the listed one', async () => {
    azure.answerWhole();
    const failure = await failureOf(drain(azure.source.open({ ...blob, bytes: body.length + 1 }, running)));
    expect(failure.failureClass).toBe('SourceLengthMismatch');
  });

  it('compares the MD5 of the listing at the end', async () => {
    azure.answerWhole();
    const md5 = createHash('md5').update(body).digest('base64');
    expect(await drain(azure.source.open({ ...blob, md5 }, running))).toHaveLength(body.length);
    const other = createHash('md5').update('other').digest('base64');
    const failure = await failureOf(drain(azure.source.open({ ...blob, md5: other }, running)));
    expect(failure.failureClass).toBe('SourceMd5Mismatch');
  });

  it('refuses an answer with an ETag other than the one asked for', async () => {
    azure.server.script = (_request, response) => {
      head(response, { etag: '"0x2"' });
      response.end(body);
    };
    expect((await failureOf(azure.read())).failureClass).toBe('SourceProtocol');
  });

  it('tells a changed blob from a missing one when the server answers 412 to both', async () => {
    let present = true;
    azure.server.script = (request, response) => {
      if (request.method === 'GET') refuse(response, 412, 'ConditionNotMet');
      else if (!present) refuse(response, 404, 'BlobNotFound');
      else {
        head(response, { etag: '"0x2"' });
        response.end();
      }
    };
    expect((await failureOf(azure.read())).failureClass).toBe('SourceChanged');
    present = false;
    expect((await failureOf(azure.read())).failureClass).toBe('SourceMissing');
  });

  it.each(['a/../b', './a', 'a/..', String.raw`x\y`, ''])('refuses the name %j before any request', async (name) => {
    const before = azure.server.requests.length;
    const failure = await failureOf(drain(azure.source.open({ ...blob, name }, running)));
    expect(failure.failureClass).toBe('UnsupportedName');
    expect((await failureOf(azure.source.head({ ...blob, name }, running))).failureClass).toBe('UnsupportedName');
    expect(azure.server.requests.length).toBe(before);
  });

  it.each(['..', 'a/b', 'Events', 'ab', 'a--b'])('refuses the container %j before any request', async (container) => {
    const before = azure.server.requests.length;
    const failure = await failureOf(azure.list(container));
    expect(failure.failureClass).toBe('UnsupportedName');
    expect(azure.server.requests.length).toBe(before);
  });

  it('follows no redirect, neither to another host nor to the same', async () => {
    const elsewhere = await startScriptedServer();
    for (const location of [`${elsewhere.url}/x`, `${azure.server.url}/prodeast/events/other`]) {
      const before = azure.server.requests.length;
      azure.server.script = (_request, response) => response.writeHead(307, { location }).end();
      expect((await failureOf(azure.read())).failureClass).toBe('SourceProtocol');
      expect(azure.server.requests.length - before).toBe(1);
    }
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.close();
  });
});
