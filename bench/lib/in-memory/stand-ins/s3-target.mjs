import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readSettings } from './settings.mjs';
import { bucketRequests, virtualBucket } from './virtual-bucket.mjs';

const { createS3Target: createRealTarget } = await import(new URL(import.meta.url).searchParams.get('real') ?? '');
const { latencyMs, requestsFolder } = readSettings();

// The benchmark adds up what all processes write at their end.
process.on('exit', () => {
  writeFileSync(join(requestsFolder, String(process.pid)), JSON.stringify(bucketRequests()));
});

/**
 * Stands in for the module of the same name in the workers of a benchmark: requests for the objects of units are
 * answered from memory, everything else goes to the bucket.
 *
 * @param {Parameters<typeof import('../../../../src/stores/s3/s3-target.js').createS3Target>[0]} options
 */
export function createS3Target(options) {
  const real = createRealTarget(options);
  const units = virtualBucket();
  const delay = async (/** @type {AbortSignal} */ signal) => {
    if (latencyMs > 0) await wait(latencyMs, undefined, { signal });
  };
  return {
    ...real,
    async head(/** @type {string} */ key, /** @type {AbortSignal} */ signal) {
      if (!key.startsWith('units/')) return real.head(key, signal);
      await delay(signal);
      return units.head(key, signal);
    },
    async put(
      /** @type {import('../../../../src/pipeline/publish/object-target.js').PutRequest} */ request,
      /** @type {AbortSignal} */ signal,
    ) {
      if (!request.key.startsWith('units/')) return real.put(request, signal);
      await delay(signal);
      return units.put(request, signal);
    },
  };
}
