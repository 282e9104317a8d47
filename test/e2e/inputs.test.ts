import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CreateBucketCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { writeStream } from '../support/corpora/bzip2-writer.js';
import { azureService, s3Client } from '../support/migrations/generated-migration.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObject, readReceipts } from '../support/programs/target-objects.js';

const bucket = 'inputs-bucket';
const bzip2 = (text: string) => writeStream(9, [{ content: Buffer.from(text) }]);

/** The blobs of each unit, in the order of their names. */
const units: Readonly<Record<string, Readonly<Record<string, Buffer>>>> = {
  mixed: {
    '1.gz': Buffer.concat([gzipSync('one\n'), gzipSync('two')]),
    '2.txt': Buffer.from('three'),
    '3.bz2': bzip2('lost').subarray(0, -2),
    '4.bz2': Buffer.concat([bzip2('four\n'), Buffer.from('\0\0')]),
    '5.gz': gzipSync('lost too').subarray(0, -9),
    '6.bz2': bzip2('five'),
  },
  good: { '1.bz2': bzip2('a\nb\n'), '2.gz': gzipSync('c') },
  bad: { '1.bz2': bzip2('bad').subarray(0, -1), '2.bz2': Buffer.alloc(0) },
};
const texts = { mixed: 'one\ntwo\nthree\nfour\nfive\n', good: 'a\nb\nc\n' };

describe('a migration of gzip, bzip2 and plain blobs, some of them damaged', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(stack.stateDir, 'inputs-'));
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const container = azureService(stack, 'prodeast').getContainerClient('inputs');
    await container.createIfNotExists();
    for (const [unit, blobs] of Object.entries(units)) {
      for (const [name, bytes] of Object.entries(blobs))
        await container.getBlockBlobClient(`${unit}/${name}`).uploadData(bytes);
    }
    await writeFile(join(directory, 'units.csv'), `folder\n${Object.keys(units).join('\n')}\n`);
  });
  afterAll(() => {
    s3.destroy();
  });

  it.each([
    ['gzip', 'application/gzip', (bytes: Buffer) => gunzipSync(bytes)],
    ['none', 'application/octet-stream', (bytes: Buffer) => bytes],
  ])(
    'joins the whole blobs as lines under compress: %s, and names the others in the receipts',
    async (compress, contentType, unpack) => {
      const name = `inputs-${compress}`;
      const path = join(directory, `${name}.yaml`);
      await writeFile(path, migrationYaml(name, compress));

      const run = await runLonghaulJson<{ units: object; blobs: object }>(
        ['start', path, '--watch'],
        stack.environment,
      );

      expect(run, run.stderr).toMatchObject({
        exitCode: 3,
        document: { units: { total: 3, done: 2, failed: 1 }, blobs: { done: 6 } },
      });
      for (const [unit, text] of Object.entries(texts)) {
        const { bytes } = await readObject(s3, bucket, `${name}/${unit}`);
        expect(unpack(bytes).toString(), unit).toBe(text);
        const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: `${name}/${unit}` }));
        expect(head.ContentType).toBe(contentType);
      }
      const receipts = new Map((await readReceipts(s3, bucket, name)).map((receipt) => [receipt['id'], receipt]));
      const blob = (key: string) => `east/inputs/${key}`;
      expect(receipts.get('good')).toMatchObject({ state: 'done', blobs: 2, skipped: [], notes: [] });
      expect(receipts.get('mixed')).toMatchObject({
        state: 'done',
        blobs: 4,
        skipped: [
          { blob: blob('mixed/3.bz2'), class: 'CorruptInput/Truncated' },
          { blob: blob('mixed/5.gz'), class: 'CorruptInput/Truncated' },
        ],
        notes: [
          `2 bytes after the last streams were ignored in 1 blob: ${blob('mixed/4.bz2')}`,
          `neither bzip2 nor gzip, so taken as they are: 1 blob: ${blob('mixed/2.txt')}`,
        ],
      });
      expect(receipts.get('bad')).toMatchObject({
        state: 'failed',
        class: 'EmptyUnit',
        skipped: [{ class: 'CorruptInput/Truncated' }, { class: 'CorruptInput/EmptyFile' }],
      });
    },
  );

  function migrationYaml(name: string, compress: string): string {
    return [
      'version: 1',
      `name: ${name}`,
      'units: { from: units.csv, id: "{{ folder }}" }',
      'accounts:',
      `  east: { endpoint: '${azureService(stack, 'prodeast').url.replace(/\/$/, '')}', credential: prodeast }`,
      'find:',
      '  - { account: east, container: inputs, prefix: "{{ folder }}/" }',
      'transform:',
      '  decompress: auto',
      '  trailingGarbage: ignore',
      '  onCorrupt: skip-blob',
      '  crossCheck: { decode: all }',
      '  join: lines',
      `  compress: ${compress}`,
      'target:',
      `  bucket: ${bucket}`,
      `  key: '${name}/{{ folder }}'`,
      `  region: ${stack.environment['AWS_REGION'] ?? ''}`,
      `  endpoint: ${stack.s3Endpoint}`,
      '  forcePathStyle: true',
      '',
    ].join('\n');
  }
});
