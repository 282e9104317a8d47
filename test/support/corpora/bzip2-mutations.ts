import { chance, pick, upTo, type RandomNumbers } from '../random-numbers.js';

/** Damages, joins or shortens one or more inputs. Some of the results are still whole. */
export function mutate(random: RandomNumbers, seeds: readonly Uint8Array[]): Buffer {
  let bytes = Buffer.from(pick(random, seeds));
  const steps = chance(random, 0.7) ? 1 : 1 + upTo(random, 3);
  for (let step = 0; step < steps; step += 1) bytes = pick(random, mutations)(random, bytes, seeds);
  return bytes;
}

type Mutation = (random: RandomNumbers, bytes: Buffer, seeds: readonly Uint8Array[]) => Buffer<ArrayBuffer>;

/** Half of all damage hits the first bytes, where the tables are. */
function place(random: RandomNumbers, bytes: Buffer): number {
  return upTo(random, chance(random, 0.5) ? Math.min(bytes.length, 120) : bytes.length);
}

const flipBits: Mutation = (random, bytes) => {
  const flipped = Buffer.from(bytes);
  for (let count = 1 + upTo(random, 3); count > 0 && bytes.length > 0; count -= 1) {
    const at = place(random, bytes);
    flipped[at] = flipped[at]! ^ (1 << upTo(random, 8));
  }
  return flipped;
};

const truncate: Mutation = (random, bytes) => Buffer.from(bytes.subarray(0, upTo(random, bytes.length + 1)));

const insert: Mutation = (random, bytes) => {
  const at = place(random, bytes);
  return Buffer.concat([bytes.subarray(0, at), noise(random), bytes.subarray(at)]);
};

const remove: Mutation = (random, bytes) => {
  const at = place(random, bytes);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + upTo(random, 4))]);
};

const splice: Mutation = (random, bytes, seeds) => {
  const other = pick(random, seeds);
  return Buffer.concat([bytes.subarray(0, place(random, bytes)), other.subarray(place(random, Buffer.from(other)))]);
};

const appendStream: Mutation = (random, bytes, seeds) => Buffer.concat([bytes, pick(random, seeds)]);

const appendNoise: Mutation = (random, bytes) =>
  Buffer.concat([bytes, chance(random, 0.5) ? noise(random) : Buffer.from('BZh9').subarray(0, 1 + upTo(random, 4))]);

const mutations: readonly Mutation[] = [
  flipBits,
  flipBits,
  flipBits,
  truncate,
  insert,
  remove,
  splice,
  appendStream,
  appendStream,
  appendNoise,
];

function noise(random: RandomNumbers): Buffer {
  return Buffer.from(Array.from({ length: 1 + upTo(random, 6) }, () => (chance(random, 0.5) ? 0 : upTo(random, 256))));
}
