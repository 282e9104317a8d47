import type { PlannedLine } from '../../../src/planning/planned-line.js';

const atMs = Date.parse('2026-01-02T00:00:00.000Z');
export const hourMs = 3_600_000;

/** Returns the line of a unit that is ready. */
export function sampleLine(more: Partial<PlannedLine> = {}): PlannedLine {
  return {
    ...{ index: 0, id: 'a', key: 'a.gz', state: 'ready', blobs: 10, bytes: 1_000, repeated: 0 },
    ...{ newestMs: atMs - 24 * hourMs, atMs, lists: 1, heads: 0 },
    ...more,
  };
}
