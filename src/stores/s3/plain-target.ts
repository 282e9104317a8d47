import type { TargetDefinition } from '../../domain/definition.js';

/**
 * Returns a target over the control bucket. The settings of target objects need permissions that may not be granted
 * there.
 */
export function plainTarget(target: TargetDefinition): TargetDefinition {
  const { storageClass: _class, encryption: _encryption, ...rest } = target;
  return { ...rest, bucket: target.control.bucket, tags: {}, metadata: {} };
}
