/** Returns the next number, at least 0 and below 1. Equal seeds give equal numbers. */
export type RandomNumbers = () => number;

/** Returns a generator of random numbers (mulberry32) for a seed. */
export function randomNumbers(seed: number): RandomNumbers {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns a whole number, at least 0 and below `bound`. */
export function upTo(random: RandomNumbers, bound: number): number {
  return Math.floor(random() * bound);
}

/** Returns true with the probability given. */
export function chance(random: RandomNumbers, probability: number): boolean {
  return random() < probability;
}

/** Returns choices for ever: in random order, each one once before any comes again. */
export function* dealt<T>(random: RandomNumbers, choices: readonly T[]): Generator<T, never> {
  for (;;) {
    const left = [...choices];
    while (left.length > 0) yield* left.splice(upTo(random, left.length), 1);
  }
}

/** Returns one of the choices. */
export function pick<T>(random: RandomNumbers, choices: readonly T[]): T {
  const choice = choices[upTo(random, choices.length)];
  if (choice === undefined) throw new Error('There is nothing to choose from');
  return choice;
}
