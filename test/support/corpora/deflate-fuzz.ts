import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSegment } from '../../../src/pipeline/pack/deflate/check-segment.js';
import {
  DeflateEncoder,
  type DeflateLevel,
  type SegmentOptions,
} from '../../../src/pipeline/pack/deflate/deflate-encoder.js';
import { anyBytes } from './deflate-inputs.js';
import { chance, pick, randomNumbers, upTo } from '../random-numbers.js';

/** All levels, the fastest first. */
export const deflateLevels: readonly DeflateLevel[] = ['fast', 'standard', 'small'];

/** The maximum raw bytes of a segment. */
export const segmentBytesMax = 1024 * 1024;

/** The steps that a byte may take in segments of at least 1,000 bytes: twice the most that long searches have found. */
export const stepsPerByteMax: Readonly<Record<DeflateLevel, number>> = { fast: 4, standard: 4, small: 7 };

/** What a fuzz run found. */
export interface DeflateFuzzResult {
  readonly inputs: number;
  readonly rawBytes: number;
  /** The greatest number of steps per byte, by level. */
  readonly stepsPerByte: Readonly<Record<DeflateLevel, number>>;
  /** One line each, with the name of the kept example and the seed of its input. */
  readonly findings: readonly string[];
}

/**
 * Encodes inputs of all kinds until the time is over, but at least one. Looks for any that {@link segmentProblem} finds
 * wrong, or whose output depends on what its encoder did before, and keeps them as files in `corpus`.
 */
export function fuzzDeflate(options: {
  readonly seed: number;
  readonly seconds: number;
  readonly corpus: string;
}): DeflateFuzzResult {
  const encoder = new DeflateEncoder();
  const other = new DeflateEncoder();
  const findings: string[] = [];
  const stepsPerByte = { fast: 0, standard: 0, small: 0 };
  const endsAt = performance.now() + options.seconds * 1000;
  let rawBytes = 0;
  let inputs = 0;
  do {
    const inputSeed = (options.seed + inputs) >>> 0;
    const random = randomNumbers(inputSeed);
    const raw = anyBytes(random, segmentBytesMax);
    const segment = { level: pick(random, deflateLevels), last: chance(random, 0.5) };
    const deflated = encoder.encodeSegment(raw, segment);
    const steps = stepsPerByteOf(encoder, raw);
    stepsPerByte[segment.level] = Math.max(stepsPerByte[segment.level], steps);
    // The other encoder has seen only some of the inputs, so any state left over would make the two differ.
    const same = chance(random, 0.8) || Buffer.from(deflated).equals(other.encodeSegment(raw, segment));
    const problem =
      problemWith(deflated, raw, { ...segment, steps }) ?? (same ? undefined : 'another encoder gives other bytes');
    if (problem !== undefined) {
      const name = keep(options.corpus, raw, segment);
      findings.push(`${name}: ${problem} (seed ${String(inputSeed)}, ${String(raw.length)} bytes)`);
    }
    rawBytes += raw.length;
    inputs += 1;
  } while (performance.now() < endsAt);
  return { inputs, rawBytes, stepsPerByte, findings };
}

/**
 * Returns what is wrong with the encoding of a segment, if anything: zlib does not inflate it to the same bytes, or it
 * exceeds the limits on size or work.
 */
export function segmentProblem(encoder: DeflateEncoder, raw: Uint8Array, segment: SegmentOptions): string | undefined {
  const deflated = encoder.encodeSegment(raw, segment);
  return problemWith(deflated, raw, { ...segment, steps: stepsPerByteOf(encoder, raw) });
}

function problemWith(
  deflated: Uint8Array,
  raw: Uint8Array,
  { level, last, steps }: SegmentOptions & { readonly steps: number },
): string | undefined {
  const difference = checkSegment(deflated, raw, { last });
  if (difference !== undefined) return difference.message;
  if (deflated.length > raw.length + expansionBytesMax(raw.length, last))
    return `it takes ${String(deflated.length)} bytes`;
  return steps > stepsPerByteMax[level] ? `a byte takes ${steps.toFixed(1)} steps` : undefined;
}

function stepsPerByteOf(encoder: DeflateEncoder, raw: Uint8Array): number {
  return encoder.stepsTaken / Math.max(raw.length, 1000);
}

function keep(corpus: string, raw: Uint8Array, { level, last }: SegmentOptions): string {
  mkdirSync(corpus, { recursive: true });
  const digest = createHash('sha256').update(raw).digest('hex').slice(0, 12);
  const name = `${level}-${last ? 'last' : 'more'}-${digest}.bin`;
  writeFileSync(join(corpus, name), raw);
  return name;
}

/** The number of bytes by which a deflated segment may exceed its raw bytes: 90 for a full one. */
export function expansionBytesMax(rawBytes: number, last: boolean): number {
  return 5 * Math.max(1, Math.ceil(rawBytes / 65_535)) + (last ? 0 : 5);
}

/** Returns random bytes of a random length up to `max`, to put an encoder into another state. */
export function somethingElse(encoder: DeflateEncoder, seed: number, max: number): void {
  const random = randomNumbers(seed);
  const raw = anyBytes(random, upTo(random, max) + 1);
  encoder.encodeSegment(raw, { level: pick(random, deflateLevels), last: chance(random, 0.5) });
}
