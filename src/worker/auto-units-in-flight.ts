import { totalmem } from 'node:os';

const miB = 1024 * 1024;

/** At 30 ms a request, about 20 keep a core busy, and each process has one; a unit has several by itself. */
const most = 16;

/** A unit that waits for its store must not keep the process from moving another. */
const least = 2;

/** A part, three segments, and a mebibyte of a doubtful blob. */
const unitBytes = 12 * miB;

/** What a process needs beside its units: itself, cached workflows, and 128 MiB that are read ahead. */
const processBytes = 512 * miB;

/**
 * Returns how many units a worker process moves at once where nobody sets a number: 16, and less where its share of the
 * memory is below 704 MiB.
 */
export function autoUnitsInFlight(processes: number, memoryBytes = availableMemory()): number {
  const units = Math.floor((memoryBytes / processes - processBytes) / unitBytes);
  return Math.min(Math.max(units, least), most);
}

/** Returns the memory of the machine, or of the container if that has less. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
