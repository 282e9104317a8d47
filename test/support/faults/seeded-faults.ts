import type { Fault } from './fault.js';
import type { FaultPlan } from './fault-proxy.js';
import { chance, pick, upTo, type RandomNumbers } from '../random-numbers.js';
import type { RequestKind } from './request-kind.js';

/**
 * Plans faults at random over all requests of a migration but those with which the command line looks at the bucket: resets, lost replies,
 * cuts, refusals, delays, two stalls, and one storm of refusals for 3 s. A request is hit with a probability of one in seven, so that six
 * tries in a row practically never fail.
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
    // What has not happened yet comes first, so that a short run too sees most of them.
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
