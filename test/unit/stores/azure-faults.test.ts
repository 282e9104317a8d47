import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SourceBlob } from '../../../src/domain/manifest.js';
import { type AzureSource, createAzureSource } from '../../../src/stores/azure/azure-source.js';
import {
  pour,
  resetAfterWrite,
  type ScriptedServer,
  startScriptedServer,
} from '../../support/servers/scripted-server.js';
import { drain, failureOf } from './failure-of.js';

const secret = Buffer.alloc(64, 's').toString('base64');
const body = Buffer.alloc(300_000, 'b');
const blob: SourceBlob = {
  account: 'east',
  container: 'events',
  name: 'a/b.bz2',
  etag: '"0x1"',
  bytes: body.length,
  md5: null,
};
const running = new AbortController().signal;

let server: ScriptedServer;
let source: AzureSource;
let credential: string | undefined;

beforeAll(async () => {
  server = await startScriptedServer();
  source = createAzureSource({
    accounts: { east: { endpoint: `${server.url}/prodeast`, credential: 'azure-east' } },
    credentials: async () => credential,
    allowInsecureEndpoints: true,
    timeoutMs: 20_000,
    idleTimeoutMs: 20_000,
  });
});
beforeEach(() => {
  credential = secret;
});
afterAll(async () => {
  source.close();
  await server.close();
});

describe('reading a blob of Azure', () => {
  it('asks for the listed version, in one request without a range', async () => {
    answerWhole();
    expect(await read()).toHaveLength(body.length);
    const request = server.requests.at(-1)!;
    expect(request.headers['if-match']).toBe('"0x1"');
    expect(request.headers['x-ms-range'] ?? request.headers.range).toBeUndefined();
    expect(request.url).toBe('/prodeast/events/a/b.bz2');
  });

  it('takes a connection that is reset in the body for the network, not for a cancel', async () => {
    const before = server.requests.length;
    server.script = (_request, response) => {
      head(response);
      resetAfterWrite(response, body.subarray(0, 100_000));
    };
    const failure = await failureOf(read());
    expect(failure).toMatchObject({ failureClass: 'SourceNetwork', blob: 'east/events/a/b.bz2', what: 'account east' });
    expect(failure.message).toMatch(/read east\/events\/a\/b\.bz2: the connection broke after \d+ of 300000 bytes/);
    expect(server.requests.length - before).toBe(1);
  });

  it('notices a body that ends too early', async () => {
    server.script = (_request, response) => {
      head(response);
      response.write(body.subarray(0, 1_000), () => response.socket?.end());
    };
    expect((await failureOf(read())).failureClass).toMatch(/^SourceNetwork/);
  });

  it('gives up on a body that stalls', async () => {
    const impatient = open({ idleTimeoutMs: 50 });
    server.script = (_request, response) => {
      head(response);
      response.write(body.subarray(0, 1_000));
    };
    const failure = await failureOf(drain(impatient.open(blob, running)));
    expect(failure).toMatchObject({ failureClass: 'SourceStalled', what: 'account east' });
    impatient.close();
  });

  it('gives up on a body that only drips', async () => {
    const impatient = open({ slowest: { bytes: 10_000, withinMs: 50 } });
    server.script = (_request, response) => {
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
    server.script = (request, response) => {
      const range = request.headers['x-ms-range'] ?? request.headers.range;
      expect([range, request.headers['if-match']]).toEqual(['bytes=100000-', '"0x1"']);
      partial(response, 100_000);
      response.end(body.subarray(100_000));
    };
    // Its MD5 would be that of the whole body.
    const rest = await drain(source.open({ ...blob, md5: 'another' }, running, 100_000));
    expect(rest.equals(body.subarray(100_000))).toBe(true);
  });

  it('takes nothing for the rest of a body but the range asked for', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => head(response),
      (response) => partial(response, 99_999),
      (response) => partial(response, 100_000, { 'content-range': 'bytes 100000-299999/300001' }),
      (response) => partial(response, 100_000, { etag: '"0x2"' }),
    ];
    for (const answer of answers) {
      server.script = (_request, response) => {
        answer(response);
        response.end(body);
      };
      expect((await failureOf(drain(source.open(blob, running, 100_000)))).failureClass).toBe('SourceProtocol');
    }
  });

  it('gives up on an answer that never begins', async () => {
    const impatient = open({ timeoutMs: 50 });
    server.script = () => {};
    expect(await failureOf(drain(impatient.open(blob, running)))).toMatchObject({ failureClass: 'SourceStalled' });
    expect(await failureOf(impatient.head(blob, running))).toMatchObject({ failureClass: 'SourceStalled' });
    impatient.close();
  });

  it('rejects with the reason of its own signal, also while it waits', async () => {
    const controller = new AbortController();
    const reason = new Error('shutdown');
    server.script = () => controller.abort(reason);
    await expect(drain(source.open(blob, controller.signal))).rejects.toBe(reason);
  });

  it('does not read a blob whose length is not the listed one', async () => {
    answerWhole();
    const failure = await failureOf(drain(source.open({ ...blob, bytes: body.length + 1 }, running)));
    expect(failure.failureClass).toBe('SourceLengthMismatch');
  });

  it('compares the MD5 of the listing at the end', async () => {
    answerWhole();
    const md5 = createHash('md5').update(body).digest('base64');
    expect(await drain(source.open({ ...blob, md5 }, running))).toHaveLength(body.length);
    const other = createHash('md5').update('other').digest('base64');
    const failure = await failureOf(drain(source.open({ ...blob, md5: other }, running)));
    expect(failure.failureClass).toBe('SourceMd5Mismatch');
  });

  it('refuses an answer with another ETag than asked for', async () => {
    server.script = (_request, response) => {
      head(response, { etag: '"0x2"' });
      response.end(body);
    };
    expect((await failureOf(read())).failureClass).toBe('SourceProtocol');
  });

  it('tells a changed blob from a missing one where the server answers 412 to both', async () => {
    let present = true;
    server.script = (request, response) => {
      if (request.method === 'GET') refuse(response, 412, 'ConditionNotMet');
      else if (!present) refuse(response, 404, 'BlobNotFound');
      else {
        head(response, { etag: '"0x2"' });
        response.end();
      }
    };
    expect((await failureOf(read())).failureClass).toBe('SourceChanged');
    present = false;
    expect((await failureOf(read())).failureClass).toBe('SourceMissing');
  });

  it.each(['a/../b', './a', 'a/..', String.raw`x\y`, ''])('refuses the name %j before any request', async (name) => {
    const before = server.requests.length;
    const failure = await failureOf(drain(source.open({ ...blob, name }, running)));
    expect(failure.failureClass).toBe('UnsupportedName');
    expect((await failureOf(source.head({ ...blob, name }, running))).failureClass).toBe('UnsupportedName');
    expect(server.requests.length).toBe(before);
  });

  it.each(['..', 'a/b', 'Events', 'ab', 'a--b'])('refuses the container %j before any request', async (container) => {
    const before = server.requests.length;
    const failure = await failureOf(listed(container));
    expect(failure.failureClass).toBe('UnsupportedName');
    expect(server.requests.length).toBe(before);
  });

  it('follows no redirect, neither to another host nor to the same', async () => {
    const elsewhere = await startScriptedServer();
    for (const location of [`${elsewhere.url}/x`, `${server.url}/prodeast/events/other`]) {
      const before = server.requests.length;
      server.script = (_request, response) => response.writeHead(307, { location }).end();
      expect((await failureOf(read())).failureClass).toBe('SourceProtocol');
      expect(server.requests.length - before).toBe(1);
    }
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.close();
  });
});

describe('an answer of Azure is classified', () => {
  it.each([
    [503, 'ServerBusy', 'SourceThrottled'],
    [500, 'OperationTimedOut', 'SourceThrottled'],
    [429, '', 'SourceThrottled'],
    [500, 'InternalError', 'SourceNetwork'],
    [502, '', 'SourceNetwork'],
    [403, 'AuthenticationFailed', 'SourceAuth'],
    [401, 'NoAuthenticationInformation', 'SourceAuth'],
    [403, 'AuthorizationPermissionMismatch', 'SourceForbidden'],
    [403, 'AuthorizationSourceIPMismatch', 'SourceForbidden'],
    [403, 'AccountIsDisabled', 'SourceForbidden'],
    [404, 'BlobNotFound', 'SourceMissing'],
    [404, 'ContainerNotFound', 'SourceMissing'],
    [409, 'ContainerBeingDeleted', 'SourceMissing'],
    [409, 'BlobArchived', 'SourceArchived'],
    [409, 'BlobBeingRehydrated', 'SourceArchived'],
    [416, 'InvalidRange', 'SourceProtocol'],
    [409, 'BlobUsesCustomerSpecifiedEncryption', 'SourceRefused'],
    [409, 'SomethingNew', 'SourceRefused'],
    [400, 'InvalidQueryParameterValue', 'SourceRefused'],
    [410, '', 'SourceRefused'],
    [405, 'UnsupportedHttpVerb', 'SourceRefused'],
    [451, '', 'SourceRefused'],
    [501, 'NotImplemented', 'SourceRefused'],
    [507, '', 'SourceNetwork'],
    [407, '', 'SourceProtocol'],
    [511, '', 'SourceProtocol'],
    [302, '', 'SourceProtocol'],
  ])('%i %s is %s, after one request', async (status, code, failureClass) => {
    const before = server.requests.length;
    server.script = (_request, response) => refuse(response, status, code, { 'retry-after': '7' });
    const failure = await failureOf(read());
    expect(failure).toMatchObject({
      failureClass,
      what: 'account east',
      blob: 'east/events/a/b.bz2',
      status,
      retryAfterMs: 7_000,
    });
    if (code !== '') expect(failure).toMatchObject({ code, message: expect.stringContaining(`${status} ${code}`) });
    expect(server.requests.length - before).toBe(1);
  });

  it('says what a refusal is about where its code tells', async () => {
    for (const [status, code, words] of [
      [404, 'ContainerNotFound', 'the container does not exist'],
      [404, 'BlobNotFound', 'the blob does not exist'],
      [403, 'AuthorizationSourceIPMismatch', "the SAS token does not allow this machine's address"],
      [403, 'AccountIsDisabled', 'the account is disabled'],
      [409, 'BlobUsesCustomerSpecifiedEncryption', 'encrypted with a key that its reader must send'],
    ] as const) {
      server.script = (_request, response) => refuse(response, status, code);
      expect((await failureOf(read())).message).toContain(words);
    }
  });

  it('never takes the 404 of a proxy for a blob that is not there', async () => {
    server.script = (_request, response) => void response.writeHead(404).end('<html>Not here</html>');
    expect((await failureOf(read())).failureClass).toBe('SourceProtocol');
    expect((await failureOf(source.head(blob, running))).failureClass).toBe('SourceProtocol');
  });

  it('names the host that a redirect leads to', async () => {
    const location = 'https://login.example.org/?secret=1';
    server.script = (_request, response) => void response.writeHead(302, { location }).end();
    const { message } = await failureOf(read());
    expect(message).toContain('the server redirects to login.example.org, which is not followed');
    expect(message).not.toContain('secret');
  });

  it('waits no longer than a minute, whatever the server asks for', async () => {
    for (const asked of ['864000', 'Sat, 01 Jan 2033 00:00:00 GMT']) {
      server.script = (_request, response) => refuse(response, 503, 'ServerBusy', { 'retry-after': asked });
      expect((await failureOf(read())).retryAfterMs).toBe(60_000);
    }
  });

  it('is bounded before it is held, also an error', async () => {
    const before = process.memoryUsage().arrayBuffers;
    server.script = (_request, response) => {
      response.writeHead(403, { 'x-ms-error-code': 'AuthorizationFailure' });
      pour(response, 300);
    };
    expect((await failureOf(read())).failureClass).toBe('SourceProtocol');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('blames the clock when a credential is refused by a server whose date is far off', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    server.script = (_request, response) => refuse(response, 403, 'AuthenticationFailed', { date });
    expect((await failureOf(read())).failureClass).toBe('ClockSkew');
  });

  it('calls a server that is not there a network failure', async () => {
    const nowhere = open({}, 'http://127.0.0.1:1/prodeast');
    expect((await failureOf(nowhere.probeAccount('east', 'events', running))).failureClass).toBe('SourceNetwork');
    nowhere.close();
  });

  it('never takes the page of a proxy for an empty listing', async () => {
    const pages = [
      '<html><body>Sign in</body></html>',
      '',
      '<?xml version="1.0"?><EnumerationResults><Blobs',
      '<?xml version="1.0"?><Other><Blobs></Blobs></Other>',
    ];
    for (const page of pages) {
      server.script = (_request, response) => response.writeHead(200, { 'content-type': 'application/xml' }).end(page);
      const failure = await failureOf(listed('events'));
      expect([page, failure.failureClass]).toEqual([page, 'SourceListing']);
      expect(failure.message).toContain('look for a proxy in between');
    }
  });
});

describe('the credential of an account', () => {
  it('is read again after a 403, and the request made once more when it has changed', async () => {
    const seen: (string | undefined)[] = [];
    server.script = (request, response) => {
      seen.push(request.headers.authorization);
      if (seen.length === 1) {
        credential = Buffer.alloc(64, 'n').toString('base64');
        refuse(response, 403, 'AuthenticationFailed');
        return;
      }
      head(response);
      response.end(body);
    };
    expect(await read()).toHaveLength(body.length);
    expect(seen).toHaveLength(2);
    expect(seen[0]).not.toBe(seen[1]);
  });

  it('is one clear error, naming the variable, where nothing is set', async () => {
    const fresh = open({});
    credential = undefined;
    const failure = await failureOf(fresh.probeAccount('east', 'events', running));
    expect(failure.failureClass).toBe('ConfigError/Credential');
    expect(failure.message).toContain('LONGHAUL_CREDENTIAL_AZURE_EAST');
    credential = secret;
    answerWhole();
    expect(await drain(fresh.open(blob, running))).toHaveLength(body.length);
    fresh.close();
  });

  it('is one clear error without the value where it is no credential, or would be sent over plain http', async () => {
    for (const [value, failureClass] of [
      ['not a key!', 'ConfigError/Credential'],
      ['default', 'ConfigError/Endpoint'],
    ]) {
      const fresh = open({});
      credential = value;
      const failure = await failureOf(fresh.head(blob, running));
      expect(failure.failureClass).toBe(failureClass);
      expect(failure.message).not.toContain('not a key!');
      fresh.close();
    }
  });

  it('is named as what it is where it is empty or its file cannot be read, never blamed on the network', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-credential-'));
    const cases: [read: () => Promise<string>, words: RegExp][] = [
      [async () => '', /its credential is empty: LONGHAUL_CREDENTIAL_AZURE_EAST, or the file/],
      [() => readFile(join(folder, 'absent'), 'utf8'), /LONGHAUL_CREDENTIAL_AZURE_EAST_FILE .*: it does not exist/],
      [() => readFile(folder, 'utf8'), /LONGHAUL_CREDENTIAL_AZURE_EAST_FILE .*: it is a directory/],
    ];
    for (const [credentials, words] of cases) {
      const accounts = { east: { endpoint: `${server.url}/prodeast`, credential: 'azure-east' } };
      const fresh = createAzureSource({ accounts, credentials, allowInsecureEndpoints: true });
      const failure = await failureOf(fresh.head(blob, running));
      expect(failure).toMatchObject({ failureClass: 'ConfigError/Credential', what: 'account east' });
      expect(failure.message).toMatch(words);
      fresh.close();
    }
    await rm(folder, { recursive: true });
  });

  it('is never to be seen in a failure or its causes', async () => {
    const token = 'sv=2024-05-04&ss=b&srt=sco&sp=rl&sig=c2VjcmV0LXNpZ25hdHVyZS1zZWNyZXQ%3D';
    for (const value of [secret, `?${token}`]) {
      const fresh = open({});
      credential = value;
      server.script = (request, response) => {
        const text = `The MAC signature '${request.headers.authorization ?? request.url}' is not the same`;
        response.writeHead(403, { 'x-ms-error-code': 'AuthenticationFailed' });
        response.end(`<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>${text}</Message></Error>`);
      };
      const failure = await failureOf(drain(fresh.open(blob, running)));
      expect(failure.failureClass).toBe('SourceAuth');
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/sig=c2|c2VjcmV0|SharedKey [^[]/);
      fresh.close();
    }
  });
});

function open(
  limits: Pick<Parameters<typeof createAzureSource>[0], 'timeoutMs' | 'idleTimeoutMs' | 'slowest' | 'trustedHosts'>,
  endpoint = `${server.url}/prodeast`,
): AzureSource {
  return createAzureSource({
    accounts: { east: { endpoint, credential: 'azure-east' } },
    credentials: async () => credential,
    allowInsecureEndpoints: true,
    ...limits,
  });
}

function answerWhole(): void {
  server.script = (_request, response) => {
    head(response);
    response.end(body);
  };
}

function head(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(200, {
    etag: '"0x1"',
    'content-length': String(body.length),
    'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    ...headers,
  });
}

function partial(response: ServerResponse, from: number, headers: Record<string, string> = {}): void {
  response.writeHead(206, {
    etag: '"0x1"',
    'content-length': String(body.length - from),
    'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
    'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    ...headers,
  });
}

function refuse(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...(code === '' ? {} : { 'x-ms-error-code': code }), ...headers });
  response.end(code === '' ? '' : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`);
}

function read(): Promise<Buffer> {
  return drain(source.open(blob, running));
}

async function listed(container: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of source.list({ account: 'east', container, prefix: '' }, running)) names.push(name);
  return names;
}
