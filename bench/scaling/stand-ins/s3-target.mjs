import { setTimeout as wait } from 'node:timers/promises';
import { virtualBucket } from '../../flat/stand-ins/virtual-bucket.mjs';

const { createS3Target: createRealTarget } = await import(new URL(import.meta.url).searchParams.get('real') ?? '');
const latencyMs = Number(process.env['SCALING_LATENCY']);

/**
 * Stands in for the module of the same name in the workers of the benchmark: requests for the objects of units are
 * answered from memory, and late; everything else goes to the bucket.
 *
 * @param {Parameters<typeof import('../../../src/stores/s3/s3-target.js').createS3Target>[0]} options
 */
export function createS3Target(options) {
  const real = createRealTarget(options);
  const units = virtualBucket();
  return {
    ...real,
    async head(/** @type {string} */ key, /** @type {AbortSignal} */ signal) {
      if (!key.startsWith('units/')) return real.head(key, signal);
      await wait(latencyMs, undefined, { signal });
      return units.head(key, signal);
    },
    async put(
      /** @type {import('../../../src/pipeline/publish/object-target.js').PutRequest} */ request,
      /** @type {AbortSignal} */ signal,
    ) {
      if (!request.key.startsWith('units/')) return real.put(request, signal);
      await wait(latencyMs, undefined, { signal });
      return units.put(request, signal);
    },
  };
}
