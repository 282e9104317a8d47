import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { StageClock } from '../../../src/flow/stage-clock.js';

describe('the clock of a unit', () => {
  it('counts time for the stage that the next one waits for, and nothing twice', async () => {
    const clock = new StageClock();
    await withTime(async (pass) => {
      const blobs = clock.pull('source', eachAfter(pass, 100));
      const raw = clock.pull('decode', slower(blobs, pass, 20));
      const packed = clock.pull('pack', slower(raw, pass, 3));
      await clock.during('discover', pass(7_000));
      await clock.during('publish', consume(packed, pass, 1_000));
    });

    expect(rounded(clock)).toEqual({ discover: 7_000, source: 300, decode: 60, pack: 9, publish: 3_000 });
  });

  it('counts the wait for a stage that fails', async () => {
    const clock = new StageClock();
    await withTime(async (pass) => {
      const failing = (async function* () {
        await pass(500);
        yield await Promise.reject<number>(new Error('no more'));
      })();
      await expect(clock.during('publish', consume(clock.pull('source', failing), pass, 0))).rejects.toThrow('no more');
    });

    expect(rounded(clock)).toMatchObject({ source: 500 });
  });
});

type Pass = (ms: number) => Promise<void>;

/** Runs with a clock that moves only when `pass` is called. */
async function withTime(run: (pass: Pass) => Promise<void>): Promise<void> {
  let nowMs = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  try {
    await run(async (ms) => {
      await wait(0);
      nowMs += ms;
    });
  } finally {
    now.mockRestore();
  }
}

async function* eachAfter(pass: Pass, ms: number): AsyncGenerator<number> {
  for (const item of [1, 2, 3]) {
    await pass(ms);
    yield item;
  }
}

async function* slower(items: AsyncIterable<number>, pass: Pass, ms: number): AsyncGenerator<number> {
  for await (const item of items) {
    await pass(ms);
    yield item;
  }
}

async function consume(items: AsyncIterable<number>, pass: Pass, ms: number): Promise<void> {
  for await (const _item of items) await pass(ms);
}

function rounded(clock: StageClock): Record<string, number> {
  return Object.fromEntries(
    Object.entries(clock.seconds).map(([stage, seconds]) => [stage, Math.round(seconds * 1_000)]),
  );
}
