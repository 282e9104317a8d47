import { Failure } from '../../domain/failure.js';
import type { SourceBlob } from '../../domain/manifest.js';
import { BlobDamage } from '../decode/blob-damage.js';
import type { BlobSource } from '../source/blob-source.js';
import { disagreement, secondOpinion } from './ask-second-decoder.js';

// What the first bytes show needs no second opinion.
const obvious: ReadonlySet<string> = new Set(['CorruptInput/EmptyFile', 'CorruptInput/BadMagic']);

/**
 * Lets a second, independent decoder judge a blob that ours calls damaged. Returns the failure with what that decoder
 * said, or a `DecoderDisagreement` if it decodes the blob. gzip has no second decoder, because zlib itself is the
 * first.
 */
export async function confirmDamage(
  failure: Failure,
  blob: SourceBlob,
  source: BlobSource,
  signal: AbortSignal,
): Promise<Failure> {
  const { cause } = failure;
  if (obvious.has(failure.failureClass) || !(cause instanceof BlobDamage) || cause.format !== 'bzip2') return failure;
  const opinion = await secondOpinion(source, blob, signal);
  if (opinion.verdict === 'disagrees') return disagreement(failure, opinion);
  const said = opinion.verdict === 'agrees' ? 'unbzip2-stream refuses it too' : `no second opinion: ${opinion.message}`;
  return new Failure(failure.failureClass, `${failure.message}; ${said}`, failure.context);
}
