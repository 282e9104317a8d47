// A try costs about ten events and a second of a slot: a week of outage is about a thousand of them.
const blockedFirstMs = 15_000;
const blockedLongestMs = 600_000;
const jitter = 0.2;

/**
 * Returns how long to wait before the next canary, in milliseconds: 15 s, doubled with each refusal up to 10 min, 20 %
 * more or less. The same for the same partition and try, so that it may be used in a workflow; different between
 * partitions, so that hundreds of them do not ask a store that has just come back at the same moment.
 */
export function blockedDelayMs(partition: number, tries: number): number {
  const delayMs = Math.min(blockedFirstMs * 2 ** Math.min(tries, 30), blockedLongestMs);
  return Math.round(delayMs * (1 + jitter * (2 * spread(partition, tries) - 1)));
}

const vainFirstMs = 1_000;
const vainLongestMs = 60_000;

/**
 * Returns how long a slice waits that has handed back `vain` times in a row without a unit finished: not at all the
 * first time it has finished some, 1 s after a vain attempt, doubled up to a minute. Whatever the cause, a slice cannot
 * spin.
 */
export function vainDelayMs(vain: number): number {
  return vain === 0 ? 0 : Math.min(vainFirstMs * 2 ** Math.min(vain - 1, 30), vainLongestMs);
}

const waitLongestMs = 120_000;

/**
 * Returns how long a slice waits that asked for `wantedMs`: longer each time it did so in vain, so that a dead store
 * costs few events.
 */
export function waitDelayMs(wantedMs: number, vain: number): number {
  return Math.max(wantedMs, Math.min(wantedMs * 2 ** Math.min(vain, 30), waitLongestMs));
}

/** A number from 0 to below 1 that looks random. */
function spread(partition: number, tries: number): number {
  let mixed = Math.imul((partition + 1) ^ Math.imul(tries + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
