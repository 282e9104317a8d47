import { chance, pick, upTo, type RandomNumbers } from '../random-numbers.js';
import type { Fault } from './fault.js';
import type { FaultPlan } from './fault-proxy.js';
import type { RequestKind } from './request-kind.js';

/** How many requests of a hundred are hit, for as long as it lasts. */
export interface FaultRates {
  /** Refused with 503, 500 or 429. */
  readonly errors: number;
  readonly resets: number;
  /** Answered so far, then silent until the client gives up. */
  readonly stalls: number;
  /** Bodies, in either direction, that end early. */
  readonly cuts: number;
}

/** A bad day of a cloud. */
export const badDay: FaultRates = { errors: 5, resets: 2, stalls: 1, cuts: 1 };

/** Plans faults at steady rates for all requests of migrations; those with which the command line looks are spared. */
export function steadyFaults(random: RandomNumbers, rates: FaultRates = badDay): FaultPlan {
  return ({ kind, body }) => {
    if (kind === 'other') return undefined;
    if (chance(random, rates.errors / 100)) return pick(random, refusals);
    if (chance(random, rates.resets / 100)) return pick<Fault>(random, [{ kind: 'reset' }, { kind: 'lost-reply' }]);
    if (chance(random, rates.stalls / 100)) return { kind: 'stall-reply', afterBytes: upTo(random, 200) };
    return chance(random, rates.cuts / 100) ? cut(random, kind, body.length) : undefined;
  };
}

const refusals: readonly Fault[] = [
  { kind: 'busy' },
  { kind: 'refuse', status: 500, code: 'InternalError' },
  { kind: 'refuse', status: 429, code: 'TooManyRequests' },
];

function cut(random: RandomNumbers, kind: RequestKind, bodyBytes: number): Fault {
  if (bodyBytes > 0 && chance(random, 0.5)) return { kind: 'cut-request', afterBytes: upTo(random, bodyBytes) };
  const afterBytes = upTo(random, kind === 'read blob' ? 10_000 : 100);
  return { kind: 'cut-reply', afterBytes, how: pick(random, ['reset', 'end']) };
}
