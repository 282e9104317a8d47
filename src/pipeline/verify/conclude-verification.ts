import { controlRound, type StagedPrefix } from '../../control/control-prefix.js';
import { readReceipts } from '../../control/ledger/read-receipts.js';
import { readVerification, writeVerification } from '../../control/stored-verification.js';
import { controlFormat } from '../../domain/stored/migration-record.js';
import { findAdditional, type AdditionalJob } from './find-additional.js';
import { VerificationSums } from './verification-sums.js';

/** A verification all of whose objects have been looked at. */
export interface ConcludeJob extends StagedPrefix {
  readonly target: AdditionalJob['target'];
  readonly progress: (progress: ConcludeProgress) => void;
  readonly signal: AbortSignal;
}

/** How far it has come. */
export interface ConcludeProgress {
  readonly phase: 'adding up' | 'listing';
  /** Receipts read, or objects listed, by this attempt. */
  readonly objects: number;
}

/**
 * Adds up what a verification has found, finds additional objects, and stores the result. May be repeated: what is
 * stored stays.
 */
export async function concludeVerification(job: ConcludeJob): Promise<void> {
  const { progress, signal } = job;
  const round = controlRound(job);
  if ((await readVerification(round, signal)) !== undefined) return;
  const sums = new VerificationSums();
  for await (const receipts of readReceipts(job, signal)) {
    for (const receipt of receipts) sums.add(receipt);
    progress({ phase: 'adding up', objects: sums.sums.objects });
  }
  let listed = 0;
  const tell = (objects: number): void => {
    listed += objects;
    progress({ phase: 'listing', objects: listed });
  };
  const additional = await findAdditional({ ...job, listed: tell });
  const record = { format: controlFormat, ...sums.sums, additional, endedAt: new Date().toISOString() };
  await writeVerification(round, record, signal);
}
