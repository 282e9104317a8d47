import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../src/domain/failure.js';
import { disagreement, secondOpinion } from '../../../../src/pipeline/second-decoder/ask-second-decoder.js';
import { noise } from '../../../support/fakes/async-bytes.js';
import { useBzip2 } from '../../../support/corpora/bzip2.js';
import { MemoryBlobSource } from '../../../support/fakes/memory-blob-source.js';

const bzip2 = useBzip2();
const signal = new AbortController().signal;

async function ask(bytes: Buffer, listedBytes = bytes.length) {
  const source = new MemoryBlobSource();
  const blob = source.add({ account: 'east', container: 'events', name: 'a' }, bytes);
  return await secondOpinion(source, { ...blob, bytes: listedBytes }, signal);
}

describe('a second opinion', () => {
  it('agrees that a damaged blob is damaged', async () => {
    expect(await ask((await bzip2('text')).subarray(0, -3))).toMatchObject({ verdict: 'agrees' });
  });

  it('disagrees when it decodes what the first decoder refused, and that fails the unit loudly', async () => {
    const opinion = await ask(await bzip2('good text'));
    expect(opinion).toEqual({ verdict: 'disagrees', decodedBytes: 9 });
    const failure = new Failure('CorruptInput/BlockCrc', 'east/events/a is not whole bzip2', { blob: 'east/events/a' });
    expect(disagreement(failure, { verdict: 'disagrees', decodedBytes: 9 })).toMatchObject({
      failureClass: 'DecoderDisagreement',
      blob: 'east/events/a',
      message: expect.stringContaining('9 bytes'),
    });
  });

  it('is not asked for of a blob that unbzip2-stream could not hold', async () => {
    expect(await ask(await bzip2('text'), 33 * 1024 * 1024)).toMatchObject({ verdict: 'none' });
  });
});

it('a blob that takes longer than a minute gets no opinion, and the event loop turns meanwhile', async () => {
  let elapsedMs = 0;
  let turns = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (elapsedMs += 10_000));
  const count = setInterval(() => (turns += 1), 0);
  try {
    expect(await ask(await bzip2(noise(400_000)))).toEqual({
      verdict: 'none',
      message: 'unbzip2-stream takes too long for the blob',
    });
  } finally {
    clock.mockRestore();
    clearInterval(count);
  }
  expect(turns).toBeGreaterThan(1);
});
