import { describe, expect, it } from 'vitest';
import { partSizeBytes, partsMax } from '../../../../src/domain/target/part-plan.js';

const MiB = 1024 * 1024;

describe('partSizeBytes', () => {
  it.each([
    [0, 1, 8 * MiB],
    [0, 2_000, 8 * MiB],
    [0, 2_001, 16 * MiB],
    [0, 4_001, 32 * MiB],
    [0, 6_001, 64 * MiB],
    [0, 8_001, 128 * MiB],
    [0, 10_000, 128 * MiB],
    [8 * MiB * 5_000, 1, 8 * MiB],
    [8 * MiB * 5_000 + 1, 1, 8 * MiB + 1],
    [100 * 1024 ** 3, 1, Math.ceil((100 * 1024 ** 3) / 5_000)],
  ])('for %d source bytes and part %d is %d', (sourceBytes, part, size) => {
    expect(partSizeBytes(sourceBytes, part)).toBe(size);
  });

  it('makes 10,000 parts enough for 484 GiB, whatever the source', () => {
    let total = 0;
    for (let part = 1; part <= partsMax; part += 1) total += partSizeBytes(1, part);
    expect(partsMax).toBe(10_000);
    expect(total).toBeGreaterThanOrEqual(484 * 1024 ** 3);
  });

  it('makes no part smaller or larger than S3 accepts, up to a terabyte of source', () => {
    expect(partSizeBytes(0, 1)).toBeGreaterThanOrEqual(5 * MiB);
    expect(partSizeBytes(1024 ** 4, partsMax)).toBeLessThanOrEqual(5 * 1024 ** 3);
  });
});
