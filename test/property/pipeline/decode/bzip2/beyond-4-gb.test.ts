import { expect, it } from 'vitest';
import { decodeBzip2 } from '../../../../../src/pipeline/decode/bzip2/decode-bzip2.js';
import { piecesOf } from '../../../../support/fakes/async-bytes.js';
import { bzip2Crc, writeStream } from '../../../../support/corpora/bzip2-writer.js';

it('decodes more than 4 GB, block for block checked, in memory that does not grow', async () => {
  // A full block of level 9 that is one run after another: 5 bytes stand for 259.
  const blockBytes = 259 * 180_000;
  const crc = bzip2Crc(new Uint8Array(blockBytes).fill(0xff));
  const block = { content: { stored: new Uint8Array(900_000).fill(0xff), crc } };
  const stream = writeStream(
    9,
    Array.from({ length: 94 }, () => block),
  );
  const limits = { blobBytes: 2 ** 40, expansion: 1e12 };
  const before = process.memoryUsage().rss;
  let decodedBytes = 0;
  for await (const piece of decodeBzip2(piecesOf([stream]), { limits, label: 'large' })) decodedBytes += piece.length;
  expect(decodedBytes).toBe(94 * blockBytes);
  expect(decodedBytes).toBeGreaterThan(2 ** 32);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
}, 120_000);
