import { checkSegment } from '../../src/pipeline/deflate/check-segment.js';
import { DeflateEncoder, type DeflateLevel } from '../../src/pipeline/deflate/deflate-encoder.js';
import { anyBytes } from './deflate-inputs.js';
import { chance, pick, randomNumbers, upTo } from './random-numbers.js';

/** All levels, the fastest first. */
export const deflateLevels: readonly DeflateLevel[] = ['fast', 'standard', 'small'];

/** Raw bytes of a segment at most. */
export const segmentBytesMax = 1024 * 1024;

/** Steps that a byte may take, in segments of at least 1,000: the most that long searches have found, and as much again. */
export const stepsPerByteMax: Readonly<Record<DeflateLevel, number>> = { fast: 4, standard: 4, small: 7 };

/** What a fuzz run found. */
export interface DeflateFuzzResult {
  readonly inputs: number;
  readonly rawBytes: number;
  /** The greatest number of steps a byte, by level. */
  readonly stepsPerByte: Readonly<Record<DeflateLevel, number>>;
  /** One line each, with the seed of the input: `fuzzDeflate({ seed, seconds: 0 })` begins with it. */
  readonly findings: readonly string[];
}

/**
 * Encodes inputs of all kinds until the time is over, at least one, and looks for any that zlib does not inflate to the same bytes, that
 * grows or works more than it may, or whose bytes depend on what its encoder did before.
 */
export function fuzzDeflate({ seed, seconds }: { readonly seed: number; readonly seconds: number }): DeflateFuzzResult {
  const encoder = new DeflateEncoder();
  const other = new DeflateEncoder();
  const findings: string[] = [];
  const stepsPerByte = { fast: 0, standard: 0, small: 0 };
  const endsAt = performance.now() + seconds * 1000;
  let rawBytes = 0;
  let inputs = 0;
  do {
    const inputSeed = (seed + inputs) >>> 0;
    const random = randomNumbers(inputSeed);
    const raw = anyBytes(random, segmentBytesMax);
    const options = { level: pick(random, deflateLevels), last: chance(random, 0.5) };
    const deflated = encoder.encodeSegment(raw, options);
    const steps = encoder.stepsTaken / Math.max(raw.length, 1000);
    stepsPerByte[options.level] = Math.max(stepsPerByte[options.level], steps);
    // The other one has met only some of the inputs: were anything left over, the two would differ.
    const same = chance(random, 0.8) || Buffer.from(deflated).equals(other.encodeSegment(raw, options));
    const problem =
      checkSegment(deflated, raw, options)?.message ??
      (deflated.length > raw.length + expansionBytesMax(raw.length, options.last)
        ? `it takes ${String(deflated.length)} bytes`
        : steps > stepsPerByteMax[options.level]
          ? `a byte takes ${steps.toFixed(1)} steps`
          : same
            ? undefined
            : 'another encoder gives other bytes');
    if (problem !== undefined) {
      findings.push(
        `seed ${String(inputSeed)}, ${String(raw.length)} bytes, ${options.level}, last ${String(options.last)}: ${problem}`,
      );
    }
    rawBytes += raw.length;
    inputs += 1;
  } while (performance.now() < endsAt);
  return { inputs, rawBytes, stepsPerByte, findings };
}

/** Bytes by which a deflated segment may exceed its raw bytes: 90 for a full one. */
export function expansionBytesMax(rawBytes: number, last: boolean): number {
  return 5 * Math.max(1, Math.ceil(rawBytes / 65_535)) + (last ? 0 : 5);
}

/** Random bytes of a random length up to `max`, to put an encoder into some other state. */
export function somethingElse(encoder: DeflateEncoder, seed: number, max: number): void {
  const random = randomNumbers(seed);
  const raw = anyBytes(random, upTo(random, max) + 1);
  encoder.encodeSegment(raw, { level: pick(random, deflateLevels), last: chance(random, 0.5) });
}
