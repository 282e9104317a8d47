import { describe, expect, it } from 'vitest';
import { Silence } from '../../../src/flow/silence.js';
import { settled } from '../../../src/flow/settled.js';
import { joinAll } from '../../support/fakes/async-bytes.js';
import { useScaledTime } from '../../support/fakes/scaled-time.js';

const time = useScaledTime(1);
const nothing = new Promise<never>(() => undefined);

/** How long a store has been silent, in whole seconds. */
function seconds({ lastedMs }: Silence): number | undefined {
  return lastedMs === undefined ? undefined : Math.floor(lastedMs / 1_000);
}

describe('the silence of a store', () => {
  it('begins with a request that waits, and not while nobody asks', () => {
    const silence = new Silence();
    time.leap(60_000);
    expect(seconds(silence)).toBeUndefined();
    void silence.during(() => nothing);
    time.leap(7_000);
    expect(seconds(silence)).toBe(7);
  });

  it('begins again with each answer, whoever asked', async () => {
    const silence = new Silence();
    void silence.during(() => nothing);
    time.leap(7_000);
    await silence.during(() => Promise.resolve('answer'));
    time.leap(2_000);
    expect(seconds(silence)).toBe(2);
  });

  it('ends with a failure that comes soon, because somebody has answered', async () => {
    const silence = new Silence();
    void silence.during(() => nothing);
    time.leap(7_000);
    await settled(silence.during(() => Promise.reject(new Error('reset'))));
    expect(seconds(silence)).toBe(0);
  });

  it('lasts beyond the timeout of a request, until the next one is answered', async () => {
    const silence = new Silence();
    const timeout = async (): Promise<never> => {
      await Promise.resolve();
      time.leap(60_000);
      throw new Error('timeout');
    };
    await settled(silence.during(timeout));
    expect(seconds(silence)).toBe(60);
    time.leap(10_000);
    void silence.during(() => nothing);
    time.leap(5_000);
    expect(seconds(silence)).toBe(75);
    await silence.during(() => Promise.resolve('answer'));
    expect(seconds(silence)).toBe(0);
  });

  it('is forgotten when nobody has asked for half a minute after a timeout', async () => {
    const silence = new Silence();
    await settled(
      silence.during(() => {
        time.leap(60_000);
        return Promise.reject(new Error('timeout'));
      }),
    );
    time.leap(31_000);
    expect(seconds(silence)).toBeUndefined();
    void silence.during(() => nothing);
    expect(seconds(silence)).toBe(0);
  });

  it('does not show while a body may still be on its way to the store', () => {
    const silence = new Silence();
    void silence.during(() => nothing, 8_000);
    time.leap(7_000);
    expect(seconds(silence)).toBeUndefined();
    time.leap(2_000);
    expect(seconds(silence)).toBe(9);
  });

  it('counts the waits for the pieces of a body, and not the time that its reader takes', async () => {
    const silence = new Silence();
    const seen: (number | undefined)[] = [];
    async function* body(): AsyncGenerator<Uint8Array> {
      for (const piece of ['a', 'b']) {
        await Promise.resolve();
        time.leap(7_000);
        seen.push(seconds(silence));
        yield Buffer.from(piece);
      }
    }
    const read = silence.duringBody(body());
    const pieces: Uint8Array[] = [];
    for await (const piece of read) {
      pieces.push(piece);
      time.leap(20_000);
      seen.push(seconds(silence));
    }
    expect(Buffer.concat(pieces).toString()).toBe('ab');
    expect(seen).toEqual([7, undefined, 7, undefined]);
    expect(await joinAll(silence.duringBody(body()))).toHaveLength(2);
  });
});
