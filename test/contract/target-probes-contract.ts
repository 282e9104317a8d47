import { expect, it } from 'vitest';
import { listKeys } from '../../src/control/stored-object.js';
import type { TargetDefinition } from '../../src/domain/definition.js';
import { probeTarget } from '../../src/probes/target/probe-target.js';
import { openProbedTarget } from '../../src/stores/s3/open-probed-target.js';
import type { S3TestPlace } from './s3-store-contracts.js';

/** What `check` finds at a store that a migration can rely on, as tests inside a `describe`. */
export function targetProbesContract(open: () => S3TestPlace): void {
  const signal = new AbortController().signal;

  it(
    'has everything that a migration relies on, and probes leave nothing behind in it',
    { timeout: 60_000 },
    async () => {
      const { bucket, connection, prefix, keys } = open();
      const control = { bucket, prefix: `${prefix}/probes` };
      const definition: TargetDefinition = {
        ...{ ...connection, bucket, key: '', tags: { team: 'data' }, metadata: { origin: 'azure' } },
        ...{ overwrite: 'never', conditionalWrites: 'require', control },
      };
      const stores = openProbedTarget({ definition, allowInsecureEndpoints: true, ...(keys && { keys }) });
      const base = `${control.prefix}/orders`;
      const probing = {
        role: 'worker' as const,
        stores,
        base,
        exampleKey: `${base}/1.json.gz`,
        keyPrefix: '',
        nowMs: Date.now(),
        signal,
      };
      const created: { readonly key: string; readonly uploadId: string }[] = [];
      for (const target of [stores.target, stores.controlTarget]) {
        const { createUpload } = target;
        target.createUpload = async (key, ...rest) => {
          const { uploadId } = await createUpload(key, ...rest);
          created.push({ key, uploadId });
          return { uploadId };
        };
      }
      try {
        const probes = await probeTarget(probing);
        expect(probes.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
        expect(probes.map(({ id }) => id)).toContain('target/uneven-parts');
        const left: string[] = [];
        for await (const key of listKeys(stores.control, `${base}/`, signal)) left.push(key);
        expect(left).toEqual([]);
        expect(created.length).toBeGreaterThan(5);
        for (const { key, uploadId } of created) {
          expect((await stores.target.listParts(key, uploadId, signal)) ?? []).toEqual([]);
        }
      } finally {
        stores.close();
      }
    },
  );
}
