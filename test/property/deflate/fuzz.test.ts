import { expect, it } from 'vitest';
import { deflateLevels, fuzzDeflate } from '../../support/deflate-fuzz.js';

const fuzzSeconds = 10;

it(
  `finds nothing wrong in ${String(fuzzSeconds)} s of inputs of all kinds`,
  () => {
    const seed = Date.now() % 2 ** 32;
    process.stdout.write(`deflate fuzz: seed ${String(seed)}\n`);
    const { inputs, rawBytes, stepsPerByte, findings } = fuzzDeflate({ seed, seconds: fuzzSeconds });
    const most = deflateLevels.map((level) => `${level} ${stepsPerByte[level].toFixed(1)}`).join(', ');
    process.stdout.write(`deflate fuzz: ${String(inputs)} inputs, ${String(rawBytes)} bytes, steps a byte: ${most}\n`);
    expect(findings, `seed ${String(seed)}`).toEqual([]);
    expect(rawBytes).toBeGreaterThan(0);
  },
  fuzzSeconds * 1000 + 60_000,
);
