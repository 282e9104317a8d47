import { describe, expect, it } from 'vitest';
import { amountLines, amountParts, speedText } from '../../../../src/commands/status/amount-texts.js';

const counted = { blobs: { done: 4_021 }, bytes: { source: 41_021_330, raw: 180_332_211, target: 39_811_202 } };
const rate = { unitsPerSecond: 31.2, blobsPerSecond: 312.5, sourceBytesPerSecond: 3_210_000 };

describe('what is said to be moved', () => {
  it.each([
    [
      'orders',
      ['4,021 blobs at 312.5/s', '41.0 MB in at 3.2 MB/s', '39.8 MB out at 3.1 MB/s'],
      ['  blobs   4,021', '  bytes   41.0 MB in, 180.3 MB uncompressed, 39.8 MB out'],
      '31.2 units/s, 312.5 blobs/s, 3.2 MB/s in',
    ],
    [
      'plan/orders',
      ['4,021 blobs at 312.5/s', '41.0 MB in them'],
      ['  blobs   4,021', '  bytes   41.0 MB in them'],
      '31.2 units/s, 312.5 blobs/s',
    ],
    ['verify/orders', ['39.8 MB read back'], ['  bytes   39.8 MB read back, 180.3 MB uncompressed'], '31.2 units/s'],
  ])('by %s is what it does', (name, parts, lines, speed) => {
    expect(amountParts({ name, ...counted }, rate)).toEqual(parts);
    expect(amountLines({ name, ...counted })).toEqual(lines);
    expect(speedText({ name }, rate)).toBe(speed);
  });

  it('has no speed while nothing moves', () => {
    expect(amountParts({ name: 'orders', ...counted }, undefined)).toEqual([
      '4,021 blobs',
      '41.0 MB in',
      '39.8 MB out',
    ]);
  });
});
