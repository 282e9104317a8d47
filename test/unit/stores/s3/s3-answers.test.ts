import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../../../src/domain/definition.js';
import type { CompleteRequest, PutRequest } from '../../../../src/pipeline/publish/object-target.js';
import { checkTargetBucket } from '../../../../src/stores/s3/check-target-bucket.js';
import { createS3Target, type S3Target } from '../../../../src/stores/s3/s3-target.js';
import { crc32Base64 } from '../../../support/fakes/memory-object-target.js';
import { pour, type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';
import { failureOf } from '../failure-of.js';
import { refuse } from './refuse.js';

const running = new AbortController().signal;
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const body = Buffer.from('content');
const put: PutRequest = { key: 'k', body, crc32: crc32Base64(body), metadata: {}, condition: { kind: 'absent' } };
const complete: CompleteRequest = {
  key: 'k',
  uploadId: 'upload',
  parts: [{ number: 1, etag: '"p1"', bytes: 7, crc32: put.crc32 }],
  crc32: put.crc32,
  bytes: 7,
  condition: { kind: 'absent' },
};

let server: ScriptedServer;
let target: S3Target;

beforeAll(async () => {
  server = await startScriptedServer();
  target = open({});
});
afterAll(async () => {
  target.close();
  await server.close();
});

describe('an answer of a store', () => {
  it('is a refusal or a full store even to a Complete, if its code or status leaves no doubt', async () => {
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
      [{ location: 'https://login.example.org/?token=1' }, '', 'redirects to login.example.org, which is not followed'],
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
          void response.writeHead(status, headers).end(text && `<Error><Code>PermanentRedirect</Code>${text}</Error>`);
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

describe('settings that the SDK refuses before it asks a store', () => {
  it.each([
    ['a bucket that no host can have', { bucket: 'a.b--x-s3', region: 'eu-west-1' }, 'correct target.bucket'],
    ['a bucket with a slash', { bucket: 'a/b', region: 'eu-west-1' }, 'correct target.bucket'],
    ['a region that is none', { bucket: 'archive', region: 'eu_west!' }, 'target.region is not the name of a region'],
  ])('are a ConfigError, in one line: %s', async (_title, settings, words) => {
    const place = { connection: { region: settings.region }, bucket: settings.bucket, keys };
    const failure = await failureOf(checkTargetBucket({ ...place, allowInsecureEndpoints: true }, running));
    expect(failure.failureClass).toBe('ConfigError');
    expect(failure.message).toContain(words);
    expect(failure.message).not.toContain('\n');
  });
});

function open(over: Partial<TargetDefinition>): S3Target {
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
    ...over,
  };
  return createS3Target({ target: definition, keys, allowInsecureEndpoints: true });
}
