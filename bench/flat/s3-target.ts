import { createS3Target as createRealTarget } from '../../src/stores/s3/s3-target.js';
import { virtualBucket } from './virtual-bucket.js';

export type { S3Target, S3TargetOptions } from '../../src/stores/s3/s3-target.js';

/**
 * Stands for the module of the same name in the workers of the benchmark: the objects of units stay in memory, all else
 * goes to the bucket.
 */
export function createS3Target(options: Parameters<typeof createRealTarget>[0]): ReturnType<typeof createRealTarget> {
  const real = createRealTarget(options);
  const units = virtualBucket();
  const of = (key: string) => (key.startsWith('units/') ? units : real);
  return {
    ...real,
    head: (key, signal) => of(key).head(key, signal),
    put: (request, signal) => of(request.key).put(request, signal),
  };
}
