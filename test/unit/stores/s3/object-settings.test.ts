import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../../../src/domain/definition.js';
import { Secret } from '../../../../src/domain/text/secret.js';
import { planObjectSettings } from '../../../../src/stores/s3/object-settings.js';
import { createS3Target } from '../../../../src/stores/s3/s3-target.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { type ScriptedServer, startScriptedServer } from '../../../support/servers/scripted-server.js';

it.each([
  ['gzip', undefined, 'application/gzip'],
  ['none', undefined, 'application/octet-stream'],
  ['none', 'text/csv', 'text/csv'],
  ['gzip', 'text/csv', 'text/csv'],
] as const)('an object under compress: %s and contentType: %s is %s', (compress, contentType, expected) => {
  const { target } = smallDefinition({ target: contentType === undefined ? {} : { contentType } });
  expect(planObjectSettings(target, compress).ContentType).toBe(expected);
});

describe.each(['lean', 'sdk'] as const)('over %s, what the file says of objects is in the request for one', (http) => {
  const running = new AbortController().signal;
  const sse = 'x-amz-server-side-encryption';
  const ofMetadata = 'x-amz-meta-';
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer(({ method }, response) => {
      const created = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
      response.writeHead(200, { etag: '"e"' }).end(method === 'POST' ? created : '');
    });
  });
  afterAll(() => server.close());

  const cases: readonly (readonly [title: string, target: Partial<TargetDefinition>, headers: object])[] = [
    ['nothing: the bucket decides', {}, { 'content-type': 'application/gzip' }],
    ['a storage class', { storageClass: 'GLACIER_IR' }, { 'x-amz-storage-class': 'GLACIER_IR' }],
    ['SSE-S3', { encryption: { type: 'AES256' } }, { [sse]: 'AES256' }],
    ['SSE-KMS with the key of the account', { encryption: { type: 'aws:kms' } }, { [sse]: 'aws:kms' }],
    [
      'SSE-KMS with a key and a bucket key',
      { encryption: { type: 'aws:kms', keyId: 'alias/archive', bucketKey: true } },
      { [sse]: 'aws:kms', [`${sse}-aws-kms-key-id`]: 'alias/archive', [`${sse}-bucket-key-enabled`]: 'true' },
    ],
    [
      'SSE-KMS without the bucket key that the bucket has',
      { encryption: { type: 'aws:kms', bucketKey: false } },
      { [sse]: 'aws:kms', [`${sse}-bucket-key-enabled`]: 'false' },
    ],
    [
      'two layers of encryption',
      { encryption: { type: 'aws:kms:dsse', keyId: 'alias/archive' } },
      { [sse]: 'aws:kms:dsse', [`${sse}-aws-kms-key-id`]: 'alias/archive' },
    ],
    ['tags', { tags: { team: 'data & more', year: '2019' } }, { 'x-amz-tagging': 'team=data+%26+more&year=2019' }],
    ['metadata', { metadata: { origin: 'azure' } }, { [`${ofMetadata}origin`]: 'azure' }],
    [
      'content type and encoding',
      { contentType: 'application/json', contentEncoding: 'gzip' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ],
  ];
  const decided = /^(x-amz-(storage-class|server-side|tagging|meta-)|content-(type|encoding)$)/;

  it.each(cases)('%s', async (_title, changes, expected) => {
    const target = createS3Target({
      target: { ...smallDefinition().target, endpoint: server.url, forcePathStyle: true, ...changes },
      ...{ keys: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('secret') }, allowInsecureEndpoints: true },
      http,
    });
    const before = server.requests.length;
    const unit = { 'longhaul-unit': '1' };
    const body = Buffer.from('x');
    const put = { key: 'k', body, crc32: 'jNDOoA==', metadata: unit, condition: { kind: 'absent' } } as const;
    await target.put(put, running);
    await target.createUpload('k', unit, running);
    target.close();
    const settings = server.requests
      .slice(before)
      .map(({ headers }) => Object.fromEntries(Object.entries(headers).filter(([name]) => decided.test(name))));
    const whole = { 'content-type': 'application/gzip', [`${ofMetadata}longhaul-unit`]: '1', ...expected };
    expect(settings).toEqual([whole, whole]);
  });
});
