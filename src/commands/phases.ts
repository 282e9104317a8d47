import type { Phase } from '../domain/progress.js';

const all: Readonly<Record<Phase, true>> = {
  ...{ preparing: true, running: true, pausing: true, paused: true, blocked: true },
  ...{ completed: true, 'completed-with-failures': true, cancelled: true, failed: true },
};

/** Every phase, in the order in which they may come. */
export const phases = Object.keys(all) as readonly Phase[];
