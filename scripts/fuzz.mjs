#!/usr/bin/env node
/**
 * Fuzzes a codec for longer than the tests do: `npm run fuzz:bzip2 -- --seconds 600 --seed 7`, `npm run fuzz:deflate`
 * likewise. Says the seed, and keeps every input on which something is wrong as an example, in the folder that the
 * tests read.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

process.chdir(resolve(import.meta.dirname, '..'));

/**
 * @typedef {{ summary: string, findings: readonly string[] }} Outcome
 * @type {Record<string, { what: string, run: (options: { seed: number, seconds: number }) => Promise<Outcome> }>}
 */
const codecs = {
  bzip2: {
    what: 'the bzip2 decoder, beside libbz2 and unbzip2-stream',
    run: async (options) => {
      const { fuzzBzip2 } = await load('./test/support/corpora/bzip2-fuzz.ts');
      const { inputs, wholeInputs, findings } = fuzzBzip2({ ...options, corpus: 'test/support/corpora/bzip2-corpus' });
      return { summary: `${inputs} inputs, ${wholeInputs} of them whole`, findings };
    },
  },
  deflate: {
    what: "the deflate encoder, by zlib's inflate",
    run: async (options) => {
      const { fuzzDeflate } = await load('./test/support/corpora/deflate-fuzz.ts');
      const { inputs, rawBytes, findings } = fuzzDeflate({ ...options, corpus: 'test/support/corpora/deflate-corpus' });
      return { summary: `${inputs} inputs, ${rawBytes} bytes`, findings };
    },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, seed: { type: 'string' } },
});
const codec = codecs[positionals[0] ?? ''];
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
if (codec === undefined) throw new Error(`Name what to fuzz: ${Object.keys(codecs).join(' or ')}`);
if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error('--seconds is a number above 0, --seed a whole number');

process.stdout.write(`Fuzzing ${codec.what}, for ${seconds} s with seed ${seed} …\n`);
const { summary, findings } = await codec.run({ seed, seconds });
for (const finding of findings) process.stdout.write(`${finding}\n`);
process.stdout.write(`${summary}, ${findings.length} with something wrong\n`);
process.exitCode = findings.length === 0 ? 0 : 1;

/** @param {string} path */
async function load(path) {
  return (await runnerImport(path)).module;
}
