/**
 * Gives how many slices each partition runs at once: one while there are at least as many partitions as slices wanted in flight, more
 * when fewer are left, so that the end of a round is not slow. Never more in all than wanted.
 */
export function slicesAtOnce(slicesInFlight: number, partitionsLeft: number): number {
  return Math.max(1, Math.floor(slicesInFlight / Math.max(1, partitionsLeft)));
}

/**
 * Tells whether partitions should hear of a new number. Only when it has at least doubled: each telling costs events in every partition, and
 * this bounds them by the logarithm of `slicesInFlight`.
 */
export function isWorthTelling(told: number, wanted: number): boolean {
  return wanted >= told * 2;
}
