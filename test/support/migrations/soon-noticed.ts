/**
 * Lines of a migration file. A worker that is silent for ten seconds counts as dead, instead of a minute. On any
 * machine four slices move at once, which is {@link unitsInFlightMax} units if the slices are small.
 */
export const soonNoticed = '\nspeed:\n  heartbeatTimeout: 10s\n  slicesInFlight: 4\n';

/** Four slices of eight units each, the size of all slices in a migration of up to 4,096 units. */
export const unitsInFlightMax = 32;
