import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetDefinition } from '../../src/domain/definition.js';
import { Secret } from '../../src/domain/text/secret.js';
import { probeTarget } from '../../src/probes/target/probe-target.js';
import { openProbedTarget } from '../../src/stores/s3/open-probed-target.js';
import { startRclone } from '../support/servers/local-stores.js';

describe("rclone's S3 server", { timeout: 120_000 }, () => {
  let rclone: Awaited<ReturnType<typeof startRclone>>;
  beforeAll(async () => {
    rclone = await startRclone('archive');
  }, 180_000);
  afterAll(() => rclone.stop());

  it('is found out: it ignores every condition and every checksum, and leaves nothing behind', async () => {
    const definition: TargetDefinition = {
      ...{ endpoint: rclone.endpoint, forcePathStyle: true, bucket: 'archive', key: '', tags: {}, metadata: {} },
      ...{ overwrite: 'never', conditionalWrites: 'require', control: { bucket: 'archive', prefix: '.longhaul' } },
    };
    const keys = { accessKeyId: 'testkey', secretAccessKey: new Secret('testsecret1') };
    const stores = openProbedTarget({ definition, keys, allowInsecureEndpoints: true });
    const probing = {
      role: 'worker' as const,
      stores,
      base: '.longhaul/orders',
      exampleKey: 'orders/1',
      keyPrefix: '',
      nowMs: Date.now(),
    };
    const probes = await probeTarget({ ...probing, signal: new AbortController().signal });
    const failed = probes.filter(({ verdict }) => verdict === 'failed').map(({ id, message }) => `${id}: ${message}`);
    expect(failed).toEqual([
      'target/put-if-absent: the store accepts a write whose If-None-Match does not hold',
      'target/put-if-match: the store accepts a write whose If-Match does not hold',
      'target/complete-if-absent: the store completes an upload whose If-None-Match does not hold',
      'target/complete-if-match: the store completes an upload whose If-Match does not hold',
      'target/put-checksum: the store accepts a put whose CRC-32 is wrong',
      'target/part-checksum: the store accepts a part whose CRC-32 is wrong',
      'target/complete-checksum: the store accepts an upload whose CRC-32 is wrong',
    ]);
    expect((await stores.control.listPage('.longhaul/', undefined, new AbortController().signal)).keys).toEqual([]);
    stores.close();
  });
});
