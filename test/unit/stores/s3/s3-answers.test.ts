import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../../../src/domain/definition.js';
import { Secret } from '../../../../src/domain/text/secret.js';
import type { PutRequest } from '../../../../src/pipeline/publish/object-target.js';
import type { HttpClient } from '../../../../src/stores/http/http-pools.js';
import { createS3Target, type S3Target } from '../../../../src/stores/s3/s3-target.js';
import { crc32Base64 } from '../../../support/fakes/memory-object-target.js';
import {
  pour,
  resetAfterWrite,
  type ScriptedServer,
  startScriptedServer,
} from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { refuse } from './refuse.js';

const running = new AbortController().signal;
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('wJalrXUtnFEMI-secret') };
const body = Buffer.from('content');
const key = 'orders/1.json.gz';
const put: PutRequest = { key, body, crc32: crc32Base64(body), metadata: {}, condition: { kind: 'absent' } };
let server: ScriptedServer;
let target: S3Target;

describe.each(['lean', 'sdk'] as const)('over the HTTP client %s', (http) => {
  beforeAll(async () => {
    server = await startScriptedServer();
    target = open(http);
  });
  afterAll(async () => {
    target.close();
    await server.close();
  });

  describe('an answer of S3 is classified, and the write surely did not happen', () => {
    it.each([
      [503, 'SlowDown', 'TargetThrottled'],
      [429, 'TooManyRequests', 'TargetThrottled'],
      [400, 'ExpiredToken', 'TargetAuth'],
      [403, 'InvalidAccessKeyId', 'TargetAuth'],
      [403, 'SignatureDoesNotMatch', 'TargetAuth'],
      [404, 'XAdminUserNotFound', 'TargetAuth'],
      [403, 'AccessDenied', 'TargetForbidden'],
      [400, 'KMS.DisabledException', 'TargetForbidden'],
      [404, 'NoSuchBucket', 'TargetMissing'],
      [301, 'PermanentRedirect', 'TargetMissing'],
      [400, 'AuthorizationHeaderMalformed', 'TargetMissing'],
      [400, 'BadDigest', 'TargetIntegrity'],
      [400, 'XAmzContentChecksumMismatch', 'TargetIntegrity'],
      [400, 'EntityTooLarge', 'InternalPlanError'],
      [400, 'InvalidStorageClass', 'ConfigError'],
      [501, 'NotImplemented', 'TargetRefused'],
      [501, '', 'TargetRefused'],
      [405, 'MethodNotAllowed', 'TargetRefused'],
      [411, 'MissingContentLength', 'TargetRefused'],
      [413, '', 'TargetRefused'],
      [410, '', 'TargetRefused'],
      [400, '', 'TargetRefused'],
      [400, 'InvalidRequest', 'TargetRefused'],
      [400, 'KeyTooLongError', 'TargetRefused'],
      [409, 'ObjectParentIsFile', 'TargetRefused'],
      [507, '', 'TargetFull'],
      [507, 'XMinioStorageFull', 'TargetFull'],
      [403, 'QuotaExceeded', 'TargetFull'],
      [402, '', 'TargetForbidden'],
      [407, '', 'TargetNetwork'],
      [403, 'RequestTimeTooSkewed', 'ClockSkew'],
      [400, 'SomethingNew', 'TargetRefused'],
    ])('%i %s is %s', async (status, code, failureClass) => {
      server.script = (_request, response) => refuse(response, status, code);
      const failure = await failureOf(target.put(put, running));
      expect(failure).toMatchObject({ failureClass, what: 'target archive', status });
      expect(failure.code).toBe(code === '' ? undefined : code);
      expect(failure.message).toMatch(/^put orders\/1\.json\.gz in bucket archive: .+/);
    });

    it('names the region where the bucket really is', async () => {
      server.script = (_request, response) =>
        refuse(response, 301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-west-1' });
      expect((await failureOf(target.put(put, running))).message).toContain('region eu-west-1; set target.region');
      server.script = (_request, response) => {
        const error = '<Code>AuthorizationHeaderMalformed</Code><Message>No.</Message><Region>eu-north-1</Region>';
        response.writeHead(400).end(`<Error>${error}</Error>`);
      };
      expect((await failureOf(target.put(put, running))).message).toContain('region eu-north-1; set target.region');
      server.script = (_request, response) =>
        void response.writeHead(301, { 'x-amz-bucket-region': 'eu-south-1' }).end();
      expect((await failureOf(target.head('k', running))).message).toContain('region eu-south-1; set target.region');
    });

    it('shows no key, signature or authorization', async () => {
      server.script = (request, response) => {
        const secret = keys.secretAccessKey.reveal();
        const text = `The signature ${request.headers.authorization ?? ''} does not match ${secret}`;
        response.writeHead(400).end(`<Error><Code>Odd</Code><Message>${text}</Message></Error>`);
      };
      const failure = await failureOf(target.put(put, running));
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/AKIDEXAMPLE|Signature=[0-9a-f]/);
    });
  });

  describe('an answer of a store', () => {
    it('says what is wrong when the store sends no code', async () => {
      for (const [status, words] of [
        [507, 'the store has no room left, or a quota is used up (507)'],
        [413, 'larger than the store, or a proxy in between, accepts (413)'],
        [405, 'the store refuses this request (405)'],
      ] as const) {
        server.script = (_request, response) => refuse(response, status, '');
        expect((await failureOf(target.put(put, running))).message).toContain(words);
      }
      server.script = (_request, response) => void response.writeHead(200).end('<html>Sign in</html>');
      expect((await failureOf(target.listParts('k', 'upload', running))).message).toContain(
        'look for a proxy in between',
      );
    });

    it('names where a redirect leads to, which is not followed', async () => {
      const cases: [headers: Record<string, string>, text: string, words: string][] = [
        [
          { location: 'https://login.example.org/?token=1' },
          '',
          'redirects to login.example.org, which is not followed',
        ],
        [
          {},
          '<Endpoint>archive.s3.eu-west-1.amazonaws.com</Endpoint>',
          'redirects to archive.s3.eu-west-1.amazonaws.com',
        ],
        [{}, '', 'the bucket is not at this endpoint; correct target.endpoint or target.region'],
      ];
      for (const status of [301, 302, 307]) {
        for (const [headers, text, words] of cases) {
          const before = server.requests.length;
          server.script = (_request, response) =>
            void response
              .writeHead(status, headers)
              .end(text && `<Error><Code>PermanentRedirect</Code>${text}</Error>`);
          const failure = await failureOf(target.put(put, running));
          expect(failure).toMatchObject({ failureClass: 'TargetMissing', what: 'target archive' });
          expect(failure.message).toContain(words);
          expect(failure.message).not.toContain('token=1');
          expect(server.requests.length - before).toBe(1);
        }
      }
    });

    it('is a refused credential when a HEAD gets a bare 400, which cannot name the reason', async () => {
      server.script = (_request, response) => void response.writeHead(400).end();
      const failure = await failureOf(target.head('k', running));
      expect(failure).toMatchObject({ failureClass: 'TargetAuth', what: 'target archive', status: 400 });
    });

    it.each([403, 404, 500])(
      'is a fault of the network when a %i breaks off, for its code was not read',
      async (status) => {
        const text = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>';
        server.script = (_request, response) => {
          response.writeHead(status, { 'content-type': 'application/xml', 'content-length': text.length });
          resetAfterWrite(response, Buffer.from(text.slice(0, 30)));
        };
        expect((await failureOf(target.listParts('k', 'upload', running))).failureClass).toBe('TargetNetwork');
      },
    );

    it('is bounded before it is held', async () => {
      const before = process.memoryUsage().arrayBuffers;
      server.script = (_request, response) => pour(response.writeHead(200), 300);
      expect((await failureOf(target.listParts('k', 'upload', running))).failureClass).toBe('TargetNetwork');
      server.script = (_request, response) => pour(response.writeHead(403), 300);
      expect((await failureOf(target.createUpload('k', {}, running))).failureClass).toBe('TargetForbidden');
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
    });

    it('ends an endless list of parts once there are more than an upload can have', async () => {
      let pages = 0;
      server.script = (_request, response) => {
        pages += 1;
        const part = '<Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>5</Size></Part>';
        const parts = part.repeat(1_000);
        const marker = `<IsTruncated>true</IsTruncated><NextPartNumberMarker>${pages}</NextPartNumberMarker>`;
        response.writeHead(200).end(`<ListPartsResult><UploadId>upload</UploadId>${marker}${parts}</ListPartsResult>`);
      };
      const failure = await failureOf(target.listParts('k', 'upload', running));
      expect(failure.message).toContain('the listing does not end');
      expect(pages).toBe(21);
    });
  });
});

function open(http: HttpClient): S3Target {
  const definition: TargetDefinition = {
    bucket: 'archive',
    key: '{{ key }}',
    endpoint: server.url,
    forcePathStyle: true,
    tags: {},
    metadata: {},
    overwrite: 'never',
    conditionalWrites: 'require',
    control: { bucket: 'archive', prefix: '.longhaul' },
  };
  return createS3Target({ target: definition, keys, allowInsecureEndpoints: true, http });
}
