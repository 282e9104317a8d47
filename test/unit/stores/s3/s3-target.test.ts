import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../../../src/domain/definition.js';
import { Secret } from '../../../../src/domain/text/secret.js';
import type { CompleteRequest, PutRequest } from '../../../../src/pipeline/publish/object-target.js';
import { createS3Target, type S3Target } from '../../../../src/stores/s3/s3-target.js';
import { crc32Base64 } from '../../../support/fakes/memory-object-target.js';
import { resetAfterWrite, type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';
import { drain, failureOf } from '../failure-of.js';
import { refuse } from './refuse.js';

const running = new AbortController().signal;
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('wJalrXUtnFEMI-secret') };
const body = Buffer.from('content');
const put: PutRequest = {
  key: 'orders/1.json.gz',
  body,
  crc32: crc32Base64(body),
  metadata: { 'longhaul-unit': 'abc' },
  condition: { kind: 'absent' },
};
const replace: PutRequest = { ...put, condition: { kind: 'etag', etag: '"old"' } };
const complete: CompleteRequest = {
  key: put.key,
  uploadId: 'upload',
  parts: [{ number: 1, etag: '"p1"', bytes: 7, crc32: put.crc32 }],
  crc32: put.crc32,
  bytes: 7,
  condition: { kind: 'absent' },
};

let server: ScriptedServer;
let target: S3Target;

describe.each(['lean', 'sdk'] as const)('over the HTTP client %s', (http) => {
  beforeAll(async () => {
    server = await startScriptedServer();
    target = createS3Target({ target: definition(), keys, allowInsecureEndpoints: true, http });
  });
  afterAll(async () => {
    target.close();
    await server.close();
  });

  describe('a put', () => {
    it('sends condition, checksum, settings and metadata in one request', async () => {
      const before = server.requests.length;
      server.script = (_request, response) => void response.writeHead(200, { etag: '"new"' }).end();
      expect(await target.put(put, running)).toEqual({ state: 'stored', etag: '"new"' });
      await target.put(replace, running);
      const [first, second] = server.requests.slice(before);
      expect(first!.headers).toMatchObject({
        'if-none-match': '*',
        'x-amz-checksum-crc32': put.crc32,
        'x-amz-storage-class': 'STANDARD_IA',
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'alias/archive',
        'x-amz-tagging': 'team=data+%2B+more',
        'x-amz-meta-longhaul-unit': 'abc',
        'x-amz-meta-origin': 'azure',
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        'content-length': '7',
      });
      expect(first!.body.equals(body)).toBe(true);
      expect(second!.headers['if-match']).toBe('"old"');
      expect(server.requests.length - before).toBe(2);
    });

    it.each([
      [412, 'PreconditionFailed', put, 'refused'],
      [412, '', put, 'refused'],
      [412, 'PreconditionFailed', replace, 'refused'],
      [404, 'NoSuchKey', replace, 'refused'],
      [409, 'ConditionalRequestConflict', put, 'race'],
      [500, 'InternalError', put, 'unknown'],
      [502, '', put, 'unknown'],
      [503, 'ServiceUnavailable', put, 'unknown'],
    ])('answered with %i %s ends as a value', async (status, code, request, state) => {
      const before = server.requests.length;
      server.script = (_request, response) => refuse(response, status, code);
      expect((await target.put(request, running)).state).toBe(state);
      expect(server.requests.length - before).toBe(1);
    });

    it('is unknown when the reply is lost, is no reply of a store, or never comes', async () => {
      const replies: ((response: ServerResponse) => void)[] = [
        (response) => response.socket?.destroy(),
        (response) => resetAfterWrite(response, Buffer.alloc(0)),
        (response) => void response.writeHead(200).end(),
        (response) => void response.writeHead(200).end('<html>Sign in</html>'),
      ];
      for (const reply of replies) {
        server.script = (_request, response) => reply(response);
        expect((await target.put(put, running)).state).toBe('unknown');
      }
      const impatient = createS3Target({
        target: definition(),
        keys,
        allowInsecureEndpoints: true,
        http,
        timeoutMs: 50,
      });
      server.script = () => {};
      expect((await impatient.put(put, running)).state).toBe('unknown');
      impatient.close();
    });

    it('throws when nothing was sent at all', async () => {
      const nowhere = definition({ endpoint: 'http://127.0.0.1:1' });
      const unreachable = createS3Target({ target: nowhere, keys, allowInsecureEndpoints: true, http });
      expect((await failureOf(unreachable.put(put, running))).failureClass).toBe('TargetNetwork');
      unreachable.close();
    });

    it('rejects with the reason of its own signal', async () => {
      const controller = new AbortController();
      const reason = new Error('shutdown');
      server.script = () => controller.abort(reason);
      await expect(target.put(put, controller.signal)).rejects.toBe(reason);
    });

    it('refuses metadata that S3 would change or not keep', async () => {
      const cases = [{ name: 'zażółć' }, { name: 'x'.repeat(2_048) }, { 'na me': 'x' }];
      for (const metadata of cases)
        expect((await failureOf((async () => target.put({ ...put, metadata }, running))())).failureClass).toBe(
          'ConfigError',
        );
    });
  });

  describe('completing an upload', () => {
    it('sends every sum and the size', async () => {
      server.script = (_request, response) => void response.writeHead(200).end(completed('"etag-1"'));
      expect(await target.completeUpload(complete, running)).toMatchObject({ state: 'stored', etag: '"etag-1"' });
      const request = server.requests.at(-1)!;
      expect(request.headers).toMatchObject({
        'if-none-match': '*',
        'x-amz-checksum-crc32': put.crc32,
        'x-amz-checksum-type': 'FULL_OBJECT',
        'x-amz-mp-object-size': '7',
      });
      expect(request.body.toString()).toContain(`<ChecksumCRC32>${put.crc32}</ChecksumCRC32>`);
    });

    it.each([
      ['an error', '<Error><Code>InternalError</Code><Message>No.</Message></Error>'],
      ['an error and a newline', '<Error><Code>InternalError</Code><Message>No.</Message></Error>\n'],
      ['a request to slow down', '<Error><Code>SlowDown</Code><Message>No.</Message></Error>'],
      ['the page of a proxy', '<html><body>Sign in</body></html>'],
      ['nothing', ''],
      ['half a reply', '<CompleteMultipartUploadResult><ETag>"x'],
      ['a reply without ETag', '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>'],
    ])('is unknown when a 200 holds %s', async (_title, text) => {
      server.script = (_request, response) => void response.writeHead(200).end(text);
      expect((await target.completeUpload(complete, running)).state).toBe('unknown');
    });

    it.each([
      [404, 'NoSuchUpload', 'gone'],
      [412, 'PreconditionFailed', 'refused'],
      [409, 'ConditionalRequestConflict', 'race'],
      [503, 'SlowDown', 'unknown'],
      [500, 'InternalError', 'unknown'],
      [502, '', 'unknown'],
    ])('answered with %i %s ends as %s', async (status, code, state) => {
      server.script = (_request, response) => refuse(response, status, code);
      expect((await target.completeUpload(complete, running)).state).toBe(state);
    });

    it('is refused or finds a full store, if the code or status leaves no doubt', async () => {
      for (const [status, code, failureClass] of [
        [507, '', 'TargetFull'],
        [501, 'NotImplemented', 'TargetRefused'],
      ] as const) {
        server.script = (_request, response) => refuse(response, status, code);
        expect((await failureOf(target.completeUpload(complete, running))).failureClass).toBe(failureClass);
      }
      server.script = (_request, response) =>
        void response.writeHead(200).end('<Error><Code>QuotaExceeded</Code><Message>No.</Message></Error>');
      expect((await failureOf(target.completeUpload(complete, running))).failureClass).toBe('TargetFull');
    });

    it.each([
      ['InvalidPart', 'TargetIntegrity'],
      ['InvalidRequest', 'TargetIntegrity'],
      ['BadDigest', 'TargetIntegrity'],
      ['SomethingNew', 'TargetRefused'],
      ['EntityTooSmall', 'InternalPlanError'],
      ['InvalidPartOrder', 'InternalPlanError'],
    ])('refused with 400 %s throws %s', async (code, failureClass) => {
      server.script = (_request, response) => refuse(response, 400, code);
      expect((await failureOf(target.completeUpload(complete, running))).failureClass).toBe(failureClass);
    });
  });

  describe('reading an object', () => {
    it('notices a body that breaks, stalls or was replaced', async () => {
      server.script = (_request, response) => {
        response.writeHead(200, { etag: '"e"', 'content-length': '100000' });
        resetAfterWrite(response, Buffer.alloc(1_000));
      };
      expect((await failureOf(drain(target.get('k', '"e"', running)))).failureClass).toBe('TargetNetwork');
      const impatient = createS3Target({
        target: definition(),
        keys,
        allowInsecureEndpoints: true,
        http,
        idleTimeoutMs: 50,
      });
      server.script = (_request, response) => {
        response.writeHead(200, { etag: '"e"', 'content-length': '100000' });
        response.write(Buffer.alloc(1_000));
      };
      expect((await failureOf(drain(impatient.get('k', '"e"', running)))).failureClass).toBe('TargetNetwork');
      impatient.close();
      server.script = (_request, response) => refuse(response, 412, 'PreconditionFailed');
      expect((await failureOf(drain(target.get('k', '"e"', running)))).failureClass).toBe('TargetRace');
    });
  });
});

function definition(over: Partial<TargetDefinition> = {}): TargetDefinition {
  return {
    bucket: 'archive',
    key: '{{ key }}',
    endpoint: server.url,
    forcePathStyle: true,
    storageClass: 'STANDARD_IA',
    encryption: { type: 'aws:kms', keyId: 'alias/archive' },
    contentType: 'application/json',
    contentEncoding: 'gzip',
    tags: { team: 'data + more' },
    metadata: { origin: 'azure' },
    overwrite: 'never',
    conditionalWrites: 'require',
    control: { bucket: 'archive', prefix: '.longhaul' },
    ...over,
  };
}

function completed(etag: string): string {
  return `<?xml version="1.0"?><CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`;
}
