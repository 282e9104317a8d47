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

/** What must become of one unit; digests are of the plain text as it was before compression. */
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
      /** The spoiled blob; null where the unit has none at all. */
      readonly badBlob: DemoBlobName | null;
    });

/** Reads an `expected.ndjson` that `generateDemoData` wrote, one unit after the other in the order of the units file. */
export async function* readExpected(path: string): AsyncGenerator<ExpectedUnit, void, undefined> {
  // Opened first: readline would not pass on that a file is missing.
  const input = (await open(path)).createReadStream();
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) yield JSON.parse(line) as ExpectedUnit;
  } finally {
    // Closes the file for a reader that leaves early too.
    input.destroy();
  }
}
