import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chance, randomNumbers, upTo, type RandomNumbers } from '../random-numbers.js';
import { cutAt } from '../fakes/async-bytes.js';
import { mutate } from './bzip2-mutations.js';
import { libbz2, sha256Of, unbzip2Stream, type Opinion } from './bzip2-references.js';
import { fuzzSeeds } from './bzip2-seeds.js';
import { verdictOn } from './bzip2-verdict.js';

/** What a fuzz run found. */
export interface FuzzResult {
  readonly inputs: number;
  readonly wholeInputs: number;
  /** One line each, with the name of the kept example. */
  readonly findings: readonly string[];
}

/**
 * Feeds damaged, joined and odd inputs to the decoder until the time is over. Compares its verdict with those of libbz2
 * and unbzip2-stream, and with its own when the input arrives in other pieces. Keeps every input on which they differ
 * as a file in `corpus`.
 */
export function fuzzBzip2(options: {
  readonly seed: number;
  readonly seconds: number;
  readonly corpus: string;
}): FuzzResult {
  const random = randomNumbers(options.seed);
  const seeds = fuzzSeeds(random);
  const endsAt = performance.now() + options.seconds * 1000;
  const findings: string[] = [];
  let inputs = 0;
  let wholeInputs = 0;
  do {
    const batch = Array.from({ length: batchInputs }, () => mutate(random, seeds));
    const opinions = libbz2(batch);
    for (const [index, input] of batch.entries()) {
      const opinion = opinions[index]!;
      if (opinion.says === 'whole') wholeInputs += 1;
      const problem = compareWith(input, opinion, random);
      if (problem !== undefined) findings.push(`${keep(options.corpus, input, opinion)}: ${problem}`);
    }
    inputs += batch.length;
  } while (performance.now() < endsAt);
  return { inputs, wholeInputs, findings };
}

// Enough to outweigh the start of a reference, few enough to end in time.
const batchInputs = 250;

/** Returns how the decoder differs from a reference, from a second one, or from itself, or undefined if all agree. */
export function compareWith(input: Uint8Array, reference: Opinion, random: RandomNumbers): string | undefined {
  const verdict = verdictOn([input]);
  if (verdict.says !== reference.says)
    return `says ${verdict.says} (${verdict.error?.message ?? ''}) where libbz2 says ${reference.says}`;
  if (reference.says === 'whole' && verdict.sha256 !== reference.sha256) return 'decodes to other bytes than libbz2';
  // unbzip2-stream accepts some damage that libbz2 refuses (a selector beyond the last table, if no symbol needs it).
  // libbz2 decides.
  const second = unbzip2Stream(input);
  if (reference.says === 'whole' && second.says === 'whole' && verdict.sha256 !== second.sha256) {
    return 'decodes to other bytes than unbzip2-stream';
  }
  const cuts = Array.from({ length: 1 + upTo(random, 20) }, () => upTo(random, input.length + 1));
  const pieces =
    chance(random, 0.2) && input.length < 3000 ? [...input].map((byte) => Uint8Array.of(byte)) : cutAt(input, cuts);
  const again = verdictOn(pieces);
  if (JSON.stringify(again) !== JSON.stringify(verdict)) {
    const lengths = pieces.map(({ length }) => length).join(', ');
    return `says ${JSON.stringify(again)} in pieces of ${lengths} and ${JSON.stringify(verdict)} in one`;
  }
  return undefined;
}

function keep(corpus: string, input: Uint8Array, opinion: Opinion): string {
  mkdirSync(corpus, { recursive: true });
  const name = `${opinion.says}-${sha256Of(input).slice(0, 12)}.bz2`;
  writeFileSync(join(corpus, name), input);
  return name;
}
