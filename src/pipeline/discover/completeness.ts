import { Failure } from '../../domain/failure.js';
import type { SourceBlob } from '../../domain/manifest.js';
import type { RenderedExpect } from '../../domain/rendered-find.js';
import { sequenceNumbers } from './sequence-numbers.js';

/**
 * Checks that the blobs found are those that `expect` asks for. Fails with `Incomplete`, which says what is missing.
 */
export function checkCompleteness(blobs: readonly SourceBlob[], expect: RenderedExpect): void {
  const found = blobs.length;
  if (expect.blobs !== undefined && found !== expect.blobs) throw incomplete(found, `exactly ${String(expect.blobs)}`);
  if (expect.min !== undefined && found < expect.min) throw incomplete(found, `at least ${String(expect.min)}`);
  if (expect.max !== undefined && found > expect.max) throw incomplete(found, `at most ${String(expect.max)}`);
  if (expect.sequence !== undefined) checkSequence(sequenceNumbers(blobs, expect.sequence));
}

function incomplete(found: number, expected: string): Failure {
  return new Failure('Incomplete', `${String(found)} blobs were found, ${expected} are expected`);
}

function checkSequence(numbers: readonly number[]): void {
  const ordered = [...new Set(numbers)].sort((a, b) => a - b);
  const missing = ordered.flatMap((number, index) => {
    const previous = ordered[index - 1];
    return previous === undefined || number === previous + 1 ? [] : [[previous + 1, number - 1] as const];
  });
  if (missing.length === 0) return;
  const shown = missing
    .slice(0, gapsShownMax)
    .map(([from, to]) => (from === to ? String(from) : `${String(from)} to ${String(to)}`));
  throw new Failure(
    'Incomplete',
    `numbers are missing in the sequence: ${shown.join(', ')}${missing.length > gapsShownMax ? ', …' : ''}`,
  );
}

const gapsShownMax = 5;
