import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DeflateEncoder } from '../../../../../src/pipeline/pack/deflate/deflate-encoder.js';
import { deflateLevels, fuzzDeflate, segmentProblem } from '../../../../support/corpora/deflate-fuzz.js';

const corpus = new URL('../../../../support/corpora/deflate-corpus/', import.meta.url).pathname;
const fuzzSeconds = 10;

it('encodes every example that was kept, at every level', () => {
  const encoder = new DeflateEncoder();
  const names = readdirSync(corpus).filter((name) => name.endsWith('.bin'));
  expect(names).not.toEqual([]);
  for (const name of names) {
    const raw = readFileSync(`${corpus}${name}`);
    for (const level of deflateLevels) {
      for (const last of [true, false]) {
        expect(
          segmentProblem(encoder, raw, { level, last }),
          `${name}, ${level}, last ${String(last)}`,
        ).toBeUndefined();
      }
    }
  }
});

it(`finds nothing wrong in ${String(fuzzSeconds)} s of inputs of all kinds`, () => {
  const seed = Date.now() % 2 ** 32;
  process.stdout.write(`deflate fuzz: seed ${String(seed)}\n`);
  const { inputs, rawBytes, stepsPerByte, findings } = fuzzDeflate({ seed, seconds: fuzzSeconds, corpus });
  const most = deflateLevels.map((level) => `${level} ${stepsPerByte[level].toFixed(1)}`).join(', ');
  process.stdout.write(`deflate fuzz: ${String(inputs)} inputs, ${String(rawBytes)} bytes, steps a byte: ${most}\n`);
  expect(findings, `seed ${String(seed)}`).toEqual([]);
  expect(rawBytes).toBeGreaterThan(0);
});
