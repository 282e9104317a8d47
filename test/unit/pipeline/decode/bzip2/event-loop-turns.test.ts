import { describe, expect, it } from 'vitest';
import { decodeBzip2 } from '../../../../../src/pipeline/decode/bzip2/decode-bzip2.js';
import { EventLoopTurns } from '../../../../../src/flow/event-loop-turns.js';
import { piecesOf } from '../../../../support/fakes/async-bytes.js';
import { bzip2Crc, writeStream } from '../../../../support/corpora/bzip2-writer.js';

describe('event loop turns', () => {
  it('cost nothing until the bytes between two turns have been decoded, by all together', async () => {
    const turns = new EventLoopTurns(1000);
    expect(turns.after(600)).toBeUndefined();
    expect(turns.after(399)).toBeUndefined();
    const turn = turns.after(1);
    expect(turn).toBeInstanceOf(Promise);
    expect(turns.after(1), 'whoever comes before the turn waits for it too').toBe(turn);
    await turn;
    expect(turns.after(999)).toBeUndefined();
  });

  it('come at least every 4 MiB, also when several blobs are decoded at once', async () => {
    const bytes = 259 * 20_000;
    const block = {
      content: { stored: new Uint8Array(100_000).fill(0xff), crc: bzip2Crc(new Uint8Array(bytes).fill(0xff)) },
    };
    const bomb = writeStream(
      1,
      Array.from({ length: 8 }, () => block),
    );
    let sinceTurn = 0;
    let mostBetweenTurns = 0;
    let over = false;
    const count = (): void => {
      sinceTurn = 0;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    const limits = { blobBytes: 2 ** 40, expansion: 1e12 };
    await Promise.all(
      [1, 2, 3].map(async () => {
        for await (const piece of decodeBzip2(piecesOf([bomb]), { limits, label: 'bomb' })) {
          sinceTurn += piece.length;
          mostBetweenTurns = Math.max(mostBetweenTurns, sinceTurn);
        }
      }),
    );
    over = true;
    const mib = 1024 * 1024;
    expect(mostBetweenTurns).toBeGreaterThan(3 * mib);
    // Each of the three may hold one piece more.
    expect(mostBetweenTurns).toBeLessThanOrEqual(4 * mib + 3 * 128 * 1024);
  });
});
