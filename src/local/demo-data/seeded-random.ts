import { createHash } from 'node:crypto';

/** A stream of numbers that is the same on every machine for the same labels. */
export interface SeededRandom {
  /** An integer from 0 to 2^32 - 1. */
  uint32(): number;
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the values, with equal probability. Throws a RangeError for an empty list. */
  pick<Value>(values: readonly Value[]): Value;
}

/** Returns the random numbers that belong to these labels (sfc32, seeded by their SHA-256). */
export function seededRandom(...labels: readonly (string | number)[]): SeededRandom {
  const uint32 = sfc32(createHash('sha256').update(JSON.stringify(labels)).digest());
  const fraction = (): number => uint32() / 0x1_0000_0000;
  const int = (min: number, max: number): number => min + Math.floor(fraction() * (max - min + 1));
  return {
    uint32,
    fraction,
    int,
    chance: (probability) => fraction() < probability,
    pick: (values) => {
      if (values.length === 0) throw new RangeError('Cannot pick from an empty list.');
      // The index is inside the list, so the element is a Value even where Value admits undefined.
      return values[int(0, values.length - 1)] as (typeof values)[number];
    },
  };
}

function sfc32(seed: Buffer): () => number {
  let a = seed.readInt32LE(0);
  let b = seed.readInt32LE(4);
  let c = seed.readInt32LE(8);
  let counter = 1;
  return () => {
    const next = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + next) | 0;
    return next >>> 0;
  };
}
