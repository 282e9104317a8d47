const kiB = 1024;
const miB = 1024 * kiB;

/**
 * The most bytes that each kind of control object may have, as stored and, for gzip, also inflated. Readers refuse a
 * larger one before they hold it, so that a damaged or hostile bucket costs an error and not the memory of a worker.
 * Writers keep to them too.
 */
export const sizeLimits = {
  /** Four short fields. */
  owner: 16 * kiB,
  /** A tally and a few figures. */
  summary: 64 * kiB,
  /** Three numbers and a time. */
  unclaimed: 16 * kiB,
  /** 101 shapes of 5 names, 100 blobs of several units, 20 names: each name of up to 1,024 characters. */
  unclaimedContainer: 8 * miB,
  /** 100 objects and 1,000 prefixes, with keys of up to 1,024 bytes, and 100 shapes of 5 keys. */
  verification: 8 * miB,
  /** A few uploads: a check begins one for each thing that it tries. */
  checkNote: 128 * kiB,
  /** The definition: a migration file has at most 100,000 values, and a few hundred in practice. */
  record: 8 * miB,
  /** 10,000 parts of about 130 bytes, and the findings. */
  checkpoint: 8 * miB,
  /** 100 skipped blobs with names of up to 1,024 characters and a message, and 20 notes. */
  findings: 4 * miB,
  /**
   * 1,000 units; a line of the units file has at most 64 KiB, but not each of a slice. A worker holds several slices at
   * once.
   */
  stagedSlice: 32 * miB,
  /** A million blobs of about 250 bytes; only names of several hundred characters make it longer. */
  manifest: 512 * miB,
  /** 1,000 receipts of at most {@link receiptBytesMax}, and the claims of a few hundred flushes. */
  ledger: 160 * miB,
} as const;

/** The most units of a slice, by any layout: a reader holds no more receipts. */
export const sliceUnitsMax = 1_000;

/** The most bytes of one receipt as JSON; a larger one keeps its details beside the ledger. */
export const receiptBytesMax = 128 * kiB;

/** The most bytes of one line of gzip NDJSON: a longer one could only be built to exhaust the reader. */
export const lineBytesMax = miB;
