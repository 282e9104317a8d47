import { totalmem } from 'node:os';
import type { WidthBounds } from '../../flow/adaptive-width.js';

const miB = 1024 * 1024;

/** At 30 ms a request, about 20 keep a core busy, and each process has one; a unit has several by itself. */
const leastWanted = 16;

/** At 120 ms a request, about 70 keep a core busy. */
const mostWanted = 64;

/** A unit that waits for its store must not keep the process from moving another. */
const fewest = 2;

/** A part, three segments, and a mebibyte of a doubtful blob. */
const unitBytes = 12 * miB;

/** What a process needs beside its units: itself, cached workflows, and 128 MiB that are read ahead. */
const processBytes = 512 * miB;

/** More units are allowed only while the process takes less than this, which small units never reach. */
const memoryBytesMax = 380 * miB;

/**
 * Returns how many units a worker process moves at once where nobody sets a number: 16 at first and up to 64, and fewer
 * where its share of the memory is below 704 MiB, or 1,280.
 */
export function autoUnitsInFlight(processes: number, memoryBytes = availableMemory()): WidthBounds {
  const units = Math.max(fewest, Math.floor((memoryBytes / processes - processBytes) / unitBytes));
  return { least: Math.min(units, leastWanted), most: Math.min(units, mostWanted), memoryBytesMax };
}

/** Returns the memory of the machine, or of the container if that has less. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
