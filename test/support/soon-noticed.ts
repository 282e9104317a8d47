/**
 * Lines of a migration file: a worker that is silent for ten seconds counts as dead, instead of a minute; and on any machine four slices are
 * moved at once, {@link unitsInFlightMax} units where these are small.
 */
export const soonNoticed = '\nspeed:\n  heartbeatTimeout: 10s\n  slicesInFlight: 4\n';

/** Of four slices of eight units, the size of all slices of a migration of up to 4,096. */
export const unitsInFlightMax = 32;
