/**
 * What is known about a process of a worker: it starts (or starts again), it asks Temporal for work, or it would, but
 * Temporal does not answer.
 */
export type ProcessState = 'starting' | 'polling' | 'unreachable';
