import type { FaultPlan } from './fault-proxy.js';
import type { RequestKind } from './request-kind.js';

/** Plans that the first request of each of these kinds is carried out and its reply lost. */
export function loseFirstReplies(kinds: readonly RequestKind[]): FaultPlan {
  const left = new Set(kinds);
  return ({ kind }) => (left.delete(kind) ? { kind: 'lost-reply' } : undefined);
}
