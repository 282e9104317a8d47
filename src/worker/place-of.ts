import { nameOfRoot } from '../domain/ids.js';

/** Where in a migration something happens, as fields of a line in the log. */
export interface Place {
  readonly migration?: string;
  readonly round?: number;
  readonly partition?: string;
  readonly slice?: string;
}

/**
 * Returns where in a migration a line of Temporal's SDK belongs, from the ids that it has as fields: those of roots,
 * partitions and slices name their place.
 */
export function placeOf(fields: Readonly<Record<string, unknown>> | undefined): Place {
  const { workflowId, activityId } = fields ?? {};
  if (typeof workflowId !== 'string') return {};
  const [, root = '', round, partition] = /^((?:migration|plan)\/[^/]+)(?:\/r(\d+)\/(p\d+))?$/.exec(workflowId) ?? [];
  if (root === '') return {};
  return {
    migration: nameOfRoot(root),
    ...(round !== undefined && { round: Number(round) }),
    ...(partition !== undefined && { partition }),
    ...(partition !== undefined &&
      typeof activityId === 'string' &&
      /^s\d+$/.test(activityId) && { slice: activityId }),
  };
}
