import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../src/flow/in-turn.js';
import { Flag } from '../../support/fakes/flag.js';

const never = new AbortController().signal;

describe('inTurn', () => {
  it('runs when the turn comes and settles as what it ran', async () => {
    const limit = pLimit(1);
    const [released, order] = [new Flag(), [] as string[]];
    const first = inTurn(limit, () => released.raised, never);
    const second = inTurn(
      limit,
      async () => {
        order.push('second');
        throw new Error('its own');
      },
      never,
    );
    expect(order).toEqual([]);
    released.raise();
    await first;
    await expect(second).rejects.toThrow('its own');
  });

  it('leaves the queue with the reason of the signal, and never runs after that', async () => {
    const limit = pLimit(1);
    const released = new Flag();
    const first = inTurn(limit, () => released.raised, never);
    const abort = new AbortController();
    let ran = false;
    const second = inTurn(
      limit,
      async () => {
        ran = true;
      },
      abort.signal,
    );
    const reason = new Error('cancel');
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    released.raise();
    await first;
    await inTurn(limit, async () => {}, never);
    expect(ran).toBe(false);
  });

  it('lets work that has begun end, whatever becomes of the signal', async () => {
    const abort = new AbortController();
    const ended = new Flag();
    const running = inTurn(
      pLimit(1),
      async () => {
        abort.abort(new Error('cancel'));
        await ended.raised;
        return 'ended';
      },
      abort.signal,
    );
    ended.raise();
    expect(await running).toBe('ended');
  });
});
