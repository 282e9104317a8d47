import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pour } from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { blob, refuse, running, ScriptedAzure } from './scripted-azure.js';

let azure: ScriptedAzure;

describe.each(['lean', 'sdk'] as const)('an answer of Azure is classified, over the HTTP client %s', (http) => {
  beforeEach(async () => {
    azure = await ScriptedAzure.start(http);
  });
  afterEach(() => azure.close());

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
    const before = azure.server.requests.length;
    azure.server.script = (_request, response) => refuse(response, status, code, { 'retry-after': '7' });
    const failure = await failureOf(azure.read());
    expect(failure).toMatchObject({
      failureClass,
      what: 'account east',
      blob: 'east/events/a/b.bz2',
      status,
      retryAfterMs: 7_000,
    });
    if (code !== '') expect(failure).toMatchObject({ code, message: expect.stringContaining(`${status} ${code}`) });
    expect(azure.server.requests.length - before).toBe(1);
  });

  it('says what a refusal is about when its code does', async () => {
    for (const [status, code, words] of [
      [404, 'ContainerNotFound', 'the container does not exist'],
      [404, 'BlobNotFound', 'the blob does not exist'],
      [403, 'AuthorizationSourceIPMismatch', "the SAS token does not allow this machine's address"],
      [403, 'AccountIsDisabled', 'the account is disabled'],
      [409, 'BlobUsesCustomerSpecifiedEncryption', 'encrypted with a key that its reader must send'],
    ] as const) {
      azure.server.script = (_request, response) => refuse(response, status, code);
      expect((await failureOf(azure.read())).message).toContain(words);
    }
  });

  it('never takes the 404 of a proxy for a blob that is not there', async () => {
    azure.server.script = (_request, response) => void response.writeHead(404).end('<html>Not here</html>');
    expect((await failureOf(azure.read())).failureClass).toBe('SourceProtocol');
    expect((await failureOf(azure.source.head(blob, running))).failureClass).toBe('SourceProtocol');
  });

  it('names the host that a redirect leads to', async () => {
    const location = 'https://login.example.org/?secret=1';
    azure.server.script = (_request, response) => void response.writeHead(302, { location }).end();
    const { message } = await failureOf(azure.read());
    expect(message).toContain('the server redirects to login.example.org, which is not followed');
    expect(message).not.toContain('secret');
  });

  it('waits no longer than a minute, whatever the server asks for', async () => {
    for (const asked of ['864000', 'Sat, 01 Jan 2033 00:00:00 GMT']) {
      azure.server.script = (_request, response) => refuse(response, 503, 'ServerBusy', { 'retry-after': asked });
      expect((await failureOf(azure.read())).retryAfterMs).toBe(60_000);
    }
  });

  it('is bounded before it is held, even an error', async () => {
    const before = process.memoryUsage().arrayBuffers;
    azure.server.script = (_request, response) => {
      response.writeHead(403, { 'x-ms-error-code': 'AuthorizationFailure' });
      pour(response, 300);
    };
    expect((await failureOf(azure.read())).failureClass).toBe('SourceProtocol');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('blames the clock when a credential is refused by a server whose date is far off', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    azure.server.script = (_request, response) => refuse(response, 403, 'AuthenticationFailed', { date });
    expect((await failureOf(azure.read())).failureClass).toBe('ClockSkew');
  });

  it('calls a server that is not there a network failure', async () => {
    const nowhere = azure.open({}, 'http://127.0.0.1:1/prodeast');
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
      azure.server.script = (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/xml' }).end(page);
      const failure = await failureOf(azure.list('events'));
      expect([page, failure.failureClass]).toEqual([page, 'SourceListing']);
      expect(failure.message).toContain('look for a proxy in between');
    }
  });
});
