import { availableParallelism } from 'node:os';

const unitsInFlight = 8;

/**
 * Lines of a migration file. A worker that is silent for ten seconds counts as dead, instead of a minute, and each of
 * its processes moves few units at once.
 */
export const soonNoticed = `\nspeed:\n  heartbeatTimeout: 10s\n  unitsInFlight: ${String(unitsInFlight)}\n`;

/** The units that a worker with one process per core moves at once. */
export const unitsInFlightMax = unitsInFlight * availableParallelism();
