import type { Fault } from './fault.js';
import type { FaultPlan } from './fault-proxy.js';
import { chance, pick, upTo, type RandomNumbers } from '../random-numbers.js';
import type { RequestKind } from './request-kind.js';

/**
 * Plans random faults for all requests of a migration, except those with which the command line looks at the bucket:
 * resets, lost replies, cuts, refusals, delays, two stalls, and one storm of refusals for 3 s. One request in seven is
 * hit, so that six tries in a row practically never fail.
 */
export function seededFaults(random: RandomNumbers): FaultPlan {
  const seen = new Set<Fault['kind']>();
  let stallsLeft = 2;
  let requestsBeforeStorm = 20 + upTo(random, 20);
  let stormEndsMs: number | undefined;
  return ({ kind, body }) => {
    if (kind === 'other') return undefined;
    const isTarget = !sourceKinds.has(kind);
    if (isTarget) {
      requestsBeforeStorm -= 1;
      if (requestsBeforeStorm < 0) stormEndsMs ??= performance.now() + stormMs;
      if (stormEndsMs !== undefined && performance.now() < stormEndsMs) return { kind: 'busy' };
    }
    if (!chance(random, 1 / 7)) return undefined;
    if (kind === 'read blob' && stallsLeft > 0) {
      stallsLeft -= 1;
      return { kind: 'stall-reply', afterBytes: upTo(random, 200) };
    }
    const faults = faultsOf(kind, body.length, random);
    // Faults that have not occurred yet come first, so that a short run sees most of them, too.
    const unseen = faults.filter((fault) => !seen.has(fault.kind));
    const fault = pick(random, unseen.length > 0 ? unseen : faults);
    seen.add(fault.kind);
    return fault;
  };
}

const stormMs = 3_000;
const sourceKinds: ReadonlySet<RequestKind> = new Set(['list blobs', 'read blob']);

function faultsOf(kind: RequestKind, bodyBytes: number, random: RandomNumbers): readonly Fault[] {
  const any: readonly Fault[] = [
    { kind: 'reset' },
    { kind: 'lost-reply' },
    { kind: 'busy' },
    { kind: 'latency', ms: upTo(random, 500) },
    {
      kind: 'cut-reply',
      afterBytes: upTo(random, kind === 'read blob' ? 10_000 : 100),
      how: pick(random, ['reset', 'end']),
    },
  ];
  return bodyBytes > 0 ? [...any, { kind: 'cut-request', afterBytes: upTo(random, bodyBytes) }] : any;
}
