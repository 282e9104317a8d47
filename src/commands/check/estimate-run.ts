import type { UnitsSample } from '../../domain/probe.js';

/** A rough guess of what a migration moves and how long it takes. */
export interface RunEstimate {
  readonly blobs: number;
  readonly bytes: number;
  readonly durationMs: number;
  /** The number of worker processes that the guess assumes. */
  readonly processes: number;
}

// On one core, measured with small blobs of JSON lines: what a request costs, and how fast bzip2 is decoded.
const blobMs = 4;
const bytesPerMs = 2_000;

/** Returns a guess from what a few lookups have found; undefined if they have found nothing. */
export function estimateRun(from: {
  readonly units: number;
  readonly lookupsOfUnit: number;
  readonly sample: UnitsSample | undefined;
  readonly processes: number;
}): RunEstimate | undefined {
  const { units, lookupsOfUnit, sample, processes } = from;
  if (sample === undefined || sample.blobs === 0) return undefined;
  const times = (units * lookupsOfUnit) / sample.lookups;
  const [blobs, bytes] = [sample.blobs * times, sample.bytes * times];
  const used = Math.max(1, processes);
  const durationMs = (blobs * blobMs + bytes / bytesPerMs) / used;
  return { blobs: Math.round(blobs), bytes: Math.round(bytes), durationMs: Math.round(durationMs), processes: used };
}

const hourMs = 3_600_000;
const unknownMs = 7 * 24 * hourMs;

/**
 * Returns how long credentials and the retention should last at least: twice the guess and a day, or a week where
 * nothing is known.
 */
export function neededMs(estimate: RunEstimate | undefined): number {
  return estimate === undefined ? unknownMs : 2 * estimate.durationMs + 24 * hourMs;
}
