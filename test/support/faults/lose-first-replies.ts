import type { FaultPlan } from './fault-proxy.js';
import type { RequestKind } from './request-kind.js';

/** Returns a plan that carries out the first request of each of these kinds and loses its reply. */
export function loseFirstReplies(kinds: readonly RequestKind[]): FaultPlan {
  const left = new Set(kinds);
  return ({ kind }) => (left.delete(kind) ? { kind: 'lost-reply' } : undefined);
}
