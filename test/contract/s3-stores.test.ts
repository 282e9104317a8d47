import { GetObjectTaggingCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../src/domain/definition.js';
import { checkTargetBucket, ensureBucket } from '../../src/stores/s3/check-target-bucket.js';
import { createS3ControlStore, type S3ControlStore } from '../../src/stores/s3/s3-control-store.js';
import { createS3Target, type S3Target } from '../../src/stores/s3/s3-target.js';
import { startSeaweed } from '../support/local-stores.js';
import { MemoryControlStore } from '../support/memory-control-store.js';
import { crc32Base64, MemoryObjectTarget } from '../support/memory-object-target.js';
import { controlStoreContract } from './control-store-contract.js';
import { objectTargetContract } from './object-target-contract.js';

const running = new AbortController().signal;

describe('a control store in memory', () => {
  controlStoreContract(async () => ({ store: new MemoryControlStore(), base: 'control' }));
});

describe('an object target in memory', () => {
  objectTargetContract(async () => ({ target: new MemoryObjectTarget(), base: 'target' }));
});

describe('S3, on SeaweedFS', () => {
  let seaweed: Awaited<ReturnType<typeof startSeaweed>>;
  let control: S3ControlStore;
  let target: S3Target;
  let definition: TargetDefinition;
  let bases = 0;
  const nextBase = (): string => `base-${(bases += 1)}`;
  const place = (bucket: string, secretAccessKey = 'testsecret1') => ({
    connection: { endpoint: seaweed.server.endpoint, forcePathStyle: true },
    bucket,
    keys: { accessKeyId: 'testkey', secretAccessKey },
    allowInsecureEndpoints: true,
  });

  beforeAll(async () => {
    seaweed = await startSeaweed();
    await ensureBucket(place('archive'), running);
    definition = {
      ...place('archive').connection,
      bucket: 'archive',
      key: '{{ key }}',
      tags: { team: 'data & more' },
      metadata: { Origin: 'azure' },
      overwrite: 'never',
      conditionalWrites: 'require',
      control: { bucket: 'archive', prefix: '.longhaul' },
    };
    const { keys } = place('archive');
    control = createS3ControlStore(place('archive'));
    target = createS3Target({ target: definition, keys, allowInsecureEndpoints: true });
  });

  afterAll(async () => {
    control.close();
    target.close();
    await seaweed.stop();
  });

  describe('as a control store', () => {
    controlStoreContract(async () => ({ store: control, base: nextBase() }));

    it('lists more keys than fit into one page', async () => {
      const base = nextBase();
      const keys = Array.from({ length: 1_005 }, (_unused, index) => `${base}/${index}`);
      for (let at = 0; at < keys.length; at += 40)
        await Promise.all(keys.slice(at, at + 40).map((key) => control.overwrite(key, Buffer.from('x'), running)));
      const listed: string[] = [];
      for await (const key of control.list(`${base}/`, running)) listed.push(key);
      expect(listed.sort()).toEqual(keys.sort());
    });
  });

  describe('as an object target', () => {
    objectTargetContract(async () => ({ target, base: nextBase() }));

    it('gives objects the content type, tags and metadata of the migration, and no content encoding', async () => {
      const body = Buffer.from('x');
      const key = `${nextBase()}/settings`;
      const metadata = { 'longhaul-unit': 'abc' };
      await target.put({ key, body, crc32: crc32Base64(body), metadata, condition: { kind: 'absent' } }, running);
      const { connection, keys } = place('archive');
      const client = new S3Client({ ...connection, credentials: keys, region: 'us-east-1' });
      const head = await client.send(new HeadObjectCommand({ Bucket: 'archive', Key: key }));
      expect(head.ContentType).toBe('application/gzip');
      expect(head.ContentEncoding).toBeUndefined();
      expect(head.Metadata).toEqual({ origin: 'azure', 'longhaul-unit': 'abc' });
      const tags = await client.send(new GetObjectTaggingCommand({ Bucket: 'archive', Key: key }));
      expect(tags.TagSet).toEqual([{ Key: 'team', Value: 'data & more' }]);
      client.destroy();
    });
  });

  it('finds the bucket, and tells a missing one from a refused credential and a server that is not there', async () => {
    await checkTargetBucket(place('archive'), running);
    await ensureBucket(place('archive'), running);
    await expect(checkTargetBucket(place('absent'), running)).rejects.toMatchObject({
      failureClass: 'TargetMissing',
      message: expect.stringContaining('absent'),
    });
    await expect(checkTargetBucket(place('archive', 'wrong'), running)).rejects.toMatchObject({
      failureClass: 'TargetAuth',
    });
    const nowhere = { ...place('archive'), connection: { endpoint: 'http://127.0.0.1:1', forcePathStyle: true } };
    await expect(checkTargetBucket(nowhere, running)).rejects.toMatchObject({ failureClass: 'TargetNetwork' });
  });

  it('blocks the target, and not a unit, when its credential is refused', async () => {
    const body = Buffer.from('x');
    const request = { key: 'a', body, crc32: crc32Base64(body), metadata: {}, condition: { kind: 'absent' } } as const;
    const { keys } = place('archive', 'wrong');
    const refused = createS3Target({ target: definition, keys, allowInsecureEndpoints: true });
    await expect(refused.put(request, running)).rejects.toMatchObject({
      failureClass: 'TargetAuth',
      what: 'target archive',
    });
    refused.close();
  });
});
