import { watchedTarget } from '../publish/watched-target.js';
import { watchedSource } from '../source/watched-source.js';
import type { MigrationResources } from './migration-resources.js';

/**
 * Returns resources that tell of every answer and every byte of source and target; `account` is the one that a source's
 * was for.
 */
export function watchedResources(
  resources: MigrationResources,
  advanced: (account?: string) => void,
): MigrationResources {
  const source = watchedSource(resources.source, advanced);
  return { ...resources, source, target: watchedTarget(resources.target, () => advanced()) };
}
