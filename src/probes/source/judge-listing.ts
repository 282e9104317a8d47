import { Failure } from '../../domain/failure.js';
import type { ProbeFinding } from '../run-probe.js';
import type { ListedSample } from './list-sample.js';

/**
 * Judges what the lookups of some units have found in an account. Throws `SourceMissing` if none of their containers or
 * blobs is there.
 */
export function judgeListing(sample: ListedSample, units: readonly string[]): ProbeFinding {
  const { blobs, lookups, missing } = sample;
  const [first] = missing;
  const ofUnits = `of unit${units.length === 1 ? '' : 's'} ${units.join(', ')}`;
  if (first !== undefined && missing.length === lookups) throw new Failure('SourceMissing', first);
  if (first !== undefined) {
    const more = missing.length === 1 ? '' : ` (and ${String(missing.length - 1)} more)`;
    return { verdict: 'warning', message: `${first}${more}`, fix: 'correct the units, or make the lookup `optional`' };
  }
  if (blobs === 0) {
    const fix = 'correct `find` or the units, if these should have blobs';
    return { verdict: 'warning', message: `no blob ${ofUnits} was found`, fix };
  }
  return { message: `${String(blobs)} blob${blobs === 1 ? '' : 's'} ${ofUnits} found` };
}
