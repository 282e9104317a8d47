import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareWith, fuzzBzip2 } from '../../../../support/corpora/bzip2-fuzz.js';
import { libbz2 } from '../../../../support/corpora/bzip2-references.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

const corpus = new URL('../../../../support/corpora/bzip2-corpus/', import.meta.url).pathname;
// A defect that `npm run fuzz:bzip2` finds within seconds must not pass; what is rarer takes hours, not a minute.
const fuzzSeconds = 15;

describe('the bzip2 decoder on mutated inputs', () => {
  it('still agrees with libbz2 on every input on which they once differed', () => {
    const names = readdirSync(corpus).filter((name) => name.endsWith('.bz2'));
    const inputs = names.map((name) => readFileSync(`${corpus}${name}`));
    const problems = libbz2(inputs).map((opinion, index) => compareWith(inputs[index]!, opinion, randomNumbers(1)));
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it(`agrees with libbz2 and unbzip2-stream for ${String(fuzzSeconds)} s, in whatever pieces the input comes`, () => {
    const seed = Date.now() % 2 ** 32;
    process.stdout.write(`bzip2 fuzz: seed ${String(seed)}\n`);
    const { inputs, wholeInputs, findings } = fuzzBzip2({ seed, seconds: fuzzSeconds, corpus });
    process.stdout.write(`bzip2 fuzz: ${String(inputs)} inputs, ${String(wholeInputs)} of them whole\n`);
    expect(findings, `seed ${String(seed)}`).toEqual([]);
    // Whole ones too, or the comparison would prove only that everything is refused.
    expect(wholeInputs).toBeGreaterThan(20);
  });
});
