#!/usr/bin/env node
/**
 * Compares the bzip2 decoder with libbz2 and unbzip2-stream on mutated inputs: `npm run fuzz:bzip2 -- --seconds 600 --seed 7`.
 * Says the seed, and keeps every input on which they differ in `test/support/bzip2-corpus`, where the tests find it.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

process.chdir(resolve(import.meta.dirname, '..'));

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error('--seconds is a number above 0, --seed a whole number');

process.stdout.write(`Fuzzing the bzip2 decoder for ${seconds} s with seed ${seed} …\n`);
const { module } = await runnerImport('./test/support/bzip2-fuzz.ts');
const { inputs, wholeInputs, findings } = module.fuzzBzip2({ seed, seconds, corpus: 'test/support/bzip2-corpus' });
for (const finding of findings) process.stdout.write(`${finding}\n`);
process.stdout.write(`${inputs} inputs, ${wholeInputs} of them whole, ${findings.length} with a difference\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
