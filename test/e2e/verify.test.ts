import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { VerificationDocument } from '../../src/commands/verbs/verify/verification-document.js';
import { azureService, s3Client } from '../support/migrations/generated-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObject } from '../support/programs/target-objects.js';

const bucket = 'verified-bucket';
const units = ['gone', 'cut', 'foreign', 'flipped', 'metadata', 'tags', 'class', 'good'];

describe('the verification of a migration', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  let path: string;

  beforeAll(async () => {
    const directory = mkdtempSync(join(stack.stateDir, 'verified-'));
    const east = azureService(stack, 'prodeast');
    const container = east.getContainerClient('verified');
    await container.createIfNotExists();
    for (const unit of units)
      await container.getBlockBlobClient(`${unit}/1.log`).uploadData(Buffer.from(`content of ${unit}\n`.repeat(100)));
    path = join(directory, 'migration.yaml');
    await writeFile(join(directory, 'units.csv'), `id\n${units.join('\n')}\n`);
    await writeFile(
      path,
      `version: 1
name: verified
units: { from: units.csv, id: "{{ id }}" }
accounts:
  east: { endpoint: "${east.url.replace(/\/$/, '')}", credential: prodeast }
find:
  - { account: east, container: verified, prefix: "{{ id }}/" }
transform: { decompress: none }
target:
  bucket: ${bucket}
  key: "archive/{{ id }}.gz"
  region: us-east-1
  endpoint: "${stack.s3Endpoint}"
  forcePathStyle: true
  storageClass: STANDARD_IA
  tags: { team: data }
  metadata: { origin: logs }
  control: s3://${bucket}/archive/.longhaul
`,
    );
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const start = await runLonghaulJson(['start', path, '--watch'], stack.environment);
    expect(start, start.stderr).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => {
    s3.destroy();
  });

  const verify = (...options: string[]) =>
    runLonghaulJson<VerificationDocument>(['verify', 'verified', ...options], stack.environment);
  const key = (unit: string): string => `archive/${unit}.gz`;

  /** Puts the object again with other bytes, and everything else as it was. */
  async function rewrite(unit: string, change: (bytes: Buffer) => Buffer): Promise<void> {
    const place = { Bucket: bucket, Key: key(unit) };
    const { Metadata, ContentType } = await s3.send(new HeadObjectCommand(place));
    const { bytes } = await readObject(s3, bucket, place.Key);
    await s3.send(
      new PutObjectCommand({
        ...{ ...place, Metadata, ContentType, Body: change(bytes), StorageClass: 'STANDARD_IA' },
        Tagging: 'team=data',
      }),
    );
  }

  async function copy(unit: string, change: object): Promise<void> {
    const place = { Bucket: bucket, Key: key(unit) };
    const { Metadata, ContentType } = await s3.send(new HeadObjectCommand(place));
    await s3.send(
      new CopyObjectCommand({
        ...{ ...place, CopySource: `${bucket}/${place.Key}`, MetadataDirective: 'REPLACE' },
        ...{ Metadata, ContentType, StorageClass: 'STANDARD_IA', ...change },
      }),
    );
  }

  it('finds nothing where all is well, and reads back what it is asked to', async () => {
    const intact = await verify('--full');
    expect(intact, intact.stderr).toMatchObject({ exitCode: 0 });
    expect(intact.document).toMatchObject({
      ...{ name: 'verified', objects: units.length, intact: units.length, differences: [] },
      readBack: { objects: units.length, sample: '100%' },
    });
  });

  it('finds what was changed', async () => {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key('gone') }));
    await rewrite('cut', (bytes) => bytes.subarray(0, 20));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key('foreign'), Body: 'of somebody else' }));
    await rewrite('flipped', (bytes) => Buffer.from(bytes.map((byte, at) => (at === 12 ? byte ^ 1 : byte))));
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key('metadata') }));
    await copy('metadata', { Metadata: { ...Metadata, origin: 'elsewhere' } });
    await s3.send(
      new PutObjectTaggingCommand({
        ...{ Bucket: bucket, Key: key('tags') },
        Tagging: { TagSet: [{ Key: 'team', Value: 'sales' }] },
      }),
    );
    await copy('class', { StorageClass: 'ONEZONE_IA' });
    const found = await verify();
    expect(found, found.stderr).toMatchObject({ exitCode: 4 });
    const { first } = found.document;
    expect(Object.fromEntries(first.map(({ id, class: name }) => [id, name.split('/')[1]]))).toEqual({
      ...{ gone: 'Missing', cut: 'Size', foreign: 'Foreign', flipped: 'Checksum' },
      ...{ metadata: 'Metadata', tags: 'Tags', class: 'StorageClass' },
    });
    const status = await runLonghaul(['status', 'verify/verified'], stack.environment);
    expect(status.exitCode, status.stdout).toBe(4);
  });

  it('finds nothing after retry has repaired all but the foreign object, and that one is moved away', async () => {
    const retry = () => runLonghaul(['retry', 'verified'], stack.environment);
    const watch = () => runLonghaul(['watch', 'verified'], stack.environment);
    expect(await retry()).toMatchObject({ exitCode: 0 });
    expect(await watch()).toMatchObject({ exitCode: 3 });
    const place = { Bucket: bucket, Key: key('foreign') };
    const { bytes } = await readObject(s3, bucket, place.Key);
    expect(bytes.toString()).toBe('of somebody else');
    await s3.send(new CopyObjectCommand({ ...place, Key: key('moved-away'), CopySource: `${bucket}/${place.Key}` }));
    await s3.send(new DeleteObjectCommand(place));
    expect(await retry()).toMatchObject({ exitCode: 0 });
    expect(await watch()).toMatchObject({ exitCode: 0 });
    const repaired = await verify('--sample', '50%');
    expect(repaired, repaired.stderr).toMatchObject({ exitCode: 0 });
    expect(repaired.document).toMatchObject({
      ...{ intact: units.length, readBack: { objects: units.length / 2 } },
      // Exactly that one, although the control objects are below the same folder.
      additional: { objects: 1, prefixes: [{ prefix: 'archive/', shapes: [{ first: [key('moved-away')] }] }] },
    });
  });
});
