import { describe, expect, it } from 'vitest';
import { RequestPace } from '../../../src/flow/request-pace.js';
import { BytePace } from '../../../src/flow/byte-pace.js';
import { pacedSource } from '../../../src/pipeline/source/paced-source.js';
import { MemoryBlobSource } from '../../support/fakes/memory-blob-source.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

describe('the pace of source bytes', () => {
  useScaledTime(1_000);
  const { signal } = new AbortController();

  it('holds all readers of a source together to the rate', async () => {
    const memory = new MemoryBlobSource({ pieceBytes: 1_000 });
    const blobs = ['a', 'b', 'c'].map((name) =>
      memory.add({ account: 'east', container: 'events', name }, Buffer.alloc(4_000, name)),
    );
    const source = pacedSource(memory, {
      pace: new BytePace(() => 1_000),
      requestPace: () => new RequestPace(() => undefined),
    });
    const startedMs = performance.now();
    const read = await Promise.all(
      blobs.map(async (blob) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of source.open(blob, signal)) pieces.push(piece);
        return Buffer.concat(pieces).toString();
      }),
    );
    expect(read).toEqual(['a', 'b', 'c'].map((letter) => letter.repeat(4_000)));
    // Twelve pieces of a second each; the last one is not waited for.
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(11_000);
  });

  it('lets waiting readers continue when the rate is raised or lifted', async () => {
    let rate: number | undefined = 1;
    const pace = new BytePace(() => rate);
    await pace.take(1_000_000, signal);
    const waiting = pace.take(1_000_000, signal);
    rate = undefined;
    await waiting;
    await pace.take(1_000_000, signal);
  });

  it('releases a reader that is stopped', async () => {
    const stop = new AbortController();
    const pace = new BytePace(() => 1);
    await pace.take(1_000_000, stop.signal);
    const waiting = pace.take(1, stop.signal);
    stop.abort(new Error('paused'));
    await expect(waiting).rejects.toThrow();
  });
});
