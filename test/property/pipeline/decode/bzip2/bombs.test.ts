import { describe, expect, it } from 'vitest';
import { decodeBzip2 } from '../../../../../src/pipeline/decode/bzip2/decode-bzip2.js';
import { piecesOf } from '../../../../support/fakes/async-bytes.js';
import { bzip2Crc, writeStream } from '../../../../support/corpora/bzip2-writer.js';

// A full block of level 9 that is one run after another: 5 bytes stand for 259.
const runBytes = 259 * 180_000;
const bombBlock = {
  content: { stored: new Uint8Array(900_000).fill(0xff), crc: bzip2Crc(new Uint8Array(runBytes).fill(0xff)) },
};
const pieceBytes = 128 * 1024;

describe('bombs', () => {
  it('decodes 50 bytes to 46 MB in pieces of at most 128 KiB', async () => {
    const bomb = writeStream(9, [bombBlock]);
    expect(bomb.length).toBeLessThan(60);
    const { decoded, longestPiece } = await drain(bomb, { blobBytes: 2 ** 40, expansion: 1e12 });
    expect(decoded).toBe(runBytes);
    expect(longestPiece).toBe(pieceBytes);
  });

  it('stops within 128 KiB of the limit of a blob', async () => {
    const blobBytes = 10_000_000;
    const { decoded, failure } = await drain(writeStream(9, [bombBlock]), { blobBytes, expansion: 1e12 });
    expect(failure).toMatchObject({ failureClass: 'LimitExceeded/BlobBytes', blob: 'east/in/bomb.bz2' });
    expect(failure).toHaveProperty('message', 'east/in/bomb.bz2 has more than 10000000 uncompressed bytes');
    expect(decoded).toBeLessThanOrEqual(blobBytes);
    expect(decoded).toBeGreaterThan(blobBytes - pieceBytes);
  });

  it('allows exactly as many bytes as the limit says', async () => {
    const input = writeStream(9, [{ content: Buffer.from('12345678') }]);
    expect(await drain(input, { blobBytes: 8, expansion: 1 })).toMatchObject({ decoded: 8, failure: undefined });
    expect(await drain(input, { blobBytes: 7, expansion: 1 })).toMatchObject({ decoded: 0 });
  });

  it('stops 1 GB in less than a kilobyte once 64 MiB have come out, however its bytes arrive', async () => {
    const bomb = writeStream(
      9,
      Array.from({ length: 22 }, () => bombBlock),
    );
    expect(bomb.length).toBeLessThan(1000);
    const limits = { blobBytes: 2 ** 40, expansion: 1000 };
    const results = [await drain(bomb, limits), await drain(bomb, limits, 1)];
    for (const { decoded, failure } of results) {
      expect(failure).toMatchObject({ failureClass: 'LimitExceeded/Expansion' });
      expect(decoded).toBeGreaterThan(64 * 1024 * 1024 - pieceBytes);
      expect(decoded).toBeLessThanOrEqual(64 * 1024 * 1024);
    }
  });

  it('measures the expansion by the compressed bytes that have been used', async () => {
    const bomb = writeStream(9, [bombBlock, bombBlock]);
    // When the last byte of the second block is given, all but the end of the stream has been used.
    const expansion = (2 * runBytes) / (bomb.length - 10);
    expect((await drain(bomb, { blobBytes: 2 ** 40, expansion: expansion * 1.05 })).failure).toBeUndefined();
    expect((await drain(bomb, { blobBytes: 2 ** 40, expansion: expansion * 0.95 })).failure).toMatchObject({
      failureClass: 'LimitExceeded/Expansion',
    });
  });
});

async function drain(
  input: Buffer,
  limits: { blobBytes: number; expansion: number },
  cutBytes = input.length,
): Promise<{ decoded: number; longestPiece: number; failure: unknown }> {
  let decoded = 0;
  let longestPiece = 0;
  const cuts = Array.from({ length: Math.ceil(input.length / cutBytes) }, (_, index) =>
    input.subarray(index * cutBytes, (index + 1) * cutBytes),
  );
  try {
    for await (const piece of decodeBzip2(piecesOf(cuts), { limits, label: 'east/in/bomb.bz2' })) {
      decoded += piece.length;
      longestPiece = Math.max(longestPiece, piece.length);
    }
    return { decoded, longestPiece, failure: undefined };
  } catch (failure) {
    return { decoded, longestPiece, failure };
  }
}
