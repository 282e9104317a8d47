import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { DemoBlobName } from './demo-data-options.js';

interface ExpectedCommon {
  readonly index: number;
  readonly id: string;
  /** Target key, whether or not an object may be there. */
  readonly key: string;
  /** Number of blobs that the unit selects. */
  readonly blobs: number;
  /** The blobs in the order in which their text is joined. */
  readonly wantedBlobNames: readonly DemoBlobName[];
}

/** The expected outcome of one unit. Digests are those of the plain text before compression. */
export type ExpectedUnit =
  | (ExpectedCommon & {
      readonly state: 'done';
      readonly rawBytes: number;
      /** Hex. */
      readonly sha256: string;
      /** Eight hex digits. */
      readonly crc32: string;
    })
  | (ExpectedCommon & {
      readonly state: 'failed';
      /** Failure class, such as `CorruptInput/Truncated`. */
      readonly class: string;
      /** The spoiled blob, or null if the unit has no blob. */
      readonly badBlob: DemoBlobName | null;
    });

/**
 * Reads an `expected.ndjson` that `generateDemoData` wrote, unit by unit, in the order of the units file.
 */
export async function* readExpected(path: string): AsyncGenerator<ExpectedUnit, void, undefined> {
  // Opened first, because readline would not report that a file is missing.
  const input = (await open(path)).createReadStream();
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) yield JSON.parse(line) as ExpectedUnit;
  } finally {
    // Closes the file also for a reader that stops early.
    input.destroy();
  }
}
