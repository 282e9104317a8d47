import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/text/secret.js';
import { checkTargetBucket, ensureBucket } from '../../src/stores/s3/bucket/check-target-bucket.js';
import { createS3Target } from '../../src/stores/s3/s3-target.js';
import { givenS3Store } from '../support/servers/given-s3-store.js';
import { startSeaweed } from '../support/servers/local-stores.js';
import { MemoryControlStore } from '../support/fakes/memory-control-store.js';
import { crc32Base64, MemoryObjectTarget } from '../support/fakes/memory-object-target.js';
import { controlStoreContract } from './control-store-contract.js';
import { objectTargetContract } from './object-target-contract.js';
import { s3StoreContracts, targetDefinition } from './s3-store-contracts.js';

const running = new AbortController().signal;

describe('a control store in memory', () => {
  controlStoreContract(async () => ({ store: new MemoryControlStore(), base: 'control' }));
});

describe('an object target in memory', () => {
  objectTargetContract(async () => ({ target: new MemoryObjectTarget(), base: 'target' }));
});

const given = givenS3Store(process.env);
if (given !== undefined) {
  describe(`S3, on the bucket ${given.bucket} that LONGHAUL_TEST_S3_* names`, () => {
    s3StoreContracts(async () => given);
  });
}

describe('S3, on SeaweedFS', () => {
  let seaweed: Awaited<ReturnType<typeof startSeaweed>>;
  const place = (bucket: string, secretAccessKey = 'testsecret1') => ({
    connection: { endpoint: seaweed.server.endpoint, forcePathStyle: true },
    bucket,
    prefix: 'tests',
    keys: { accessKeyId: 'testkey', secretAccessKey: new Secret(secretAccessKey) },
    allowInsecureEndpoints: true,
  });

  beforeAll(async () => {
    seaweed = await startSeaweed();
    await ensureBucket(place('archive'), running);
  });
  afterAll(() => seaweed.stop());

  // Our own client, and the SDK's as the reference.
  describe.each(['lean', 'sdk'] as const)('over the HTTP client %s', (http) => {
    s3StoreContracts(async () => ({ ...place('archive'), prefix: `tests-${http}`, http }));
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
    const refused = createS3Target({ target: targetDefinition(place('archive')), keys, allowInsecureEndpoints: true });
    await expect(refused.put(request, running)).rejects.toMatchObject({
      failureClass: 'TargetAuth',
      what: 'target archive',
    });
    refused.close();
  });
});
