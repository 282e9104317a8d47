import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { putObjects, virtualBucket } from './virtual-bucket.mjs';

const { createS3Target: createRealTarget } = await import(new URL(import.meta.url).searchParams.get('real') ?? '');

// The benchmark adds up what all processes write at their end.
process.on('exit', () => {
  writeFileSync(join(process.env['FLAT_MOVED'] ?? '', String(process.pid)), String(putObjects()));
});

/**
 * Stands in for the module of the same name in the workers of the benchmark: requests for the objects of units are
 * answered from memory, everything else goes to the bucket.
 *
 * @param {Parameters<typeof import('../../../src/stores/s3/s3-target.js').createS3Target>[0]} options
 */
export function createS3Target(options) {
  const real = createRealTarget(options);
  const units = virtualBucket();
  const of = (/** @type {string} */ key) => (key.startsWith('units/') ? units : real);
  return {
    ...real,
    head: (/** @type {string} */ key, /** @type {AbortSignal} */ signal) => of(key).head(key, signal),
    put: (/** @type {{ key: string }} */ request, /** @type {AbortSignal} */ signal) =>
      of(request.key).put(request, signal),
  };
}
