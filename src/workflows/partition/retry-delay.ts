// A try costs about ten events and a second of a slot. An outage of a week takes about a thousand tries.
const blockedFirstMs = 15_000;
const blockedLongestMs = 600_000;
const jitter = 0.2;

/**
 * Returns how long to wait before the next canary, in milliseconds: 15 s, doubled with each refusal up to 10 min, plus
 * or minus 20 %. The result depends on the arguments alone, so workflows may use it. It differs between partitions, so
 * that hundreds of them do not all try at the same moment.
 */
export function blockedDelayMs(partition: number, tries: number): number {
  const delayMs = Math.min(blockedFirstMs * 2 ** Math.min(tries, 30), blockedLongestMs);
  return Math.round(delayMs * (1 + jitter * (2 * spread(partition, tries) - 1)));
}

const vainFirstMs = 1_000;
const vainLongestMs = 60_000;

/**
 * Returns how long a slice waits, in milliseconds, after `vain` attempts in a row that finished no unit: nothing after
 * an attempt that finished some, else 1 s, doubled up to a minute. So a slice never spins, whatever the cause.
 */
export function vainDelayMs(vain: number): number {
  return vain === 0 ? 0 : Math.min(vainFirstMs * 2 ** Math.min(vain - 1, 30), vainLongestMs);
}

const waitLongestMs = 120_000;

/**
 * Returns how long a slice waits that asked for `wantedMs`. It is longer after each vain attempt, up to two minutes, so
 * that a dead store costs few events.
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
