import { describe, expect, it } from 'vitest';
import { SharedWork, type Waiter } from '../../../src/flow/shared-work.js';

/** Work that runs until it is let go, and what became of it. */
function heldWork() {
  const runs: {
    readonly signal: AbortSignal;
    readonly told: (news: string) => void;
    readonly end: (error?: Error) => void;
  }[] = [];
  const work = new SharedWork<string>(
    ({ signal, told }) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        runs.push({ signal, told, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  );
  return { runs, work };
}

function waiter(controller = new AbortController()): Waiter<string> & { readonly news: string[] } {
  const news: string[] = [];
  return { signal: controller.signal, told: (text) => void news.push(text), news };
}

describe('shared work', () => {
  it('is done once for all who wait for it, and reports its progress to each of them', async () => {
    const { runs, work } = heldWork();
    const [one, two] = [waiter(), waiter()];
    const joined = Promise.all([work.join(one), work.join(two)]);
    runs[0]?.told('a page has come');
    expect([one.news, two.news]).toEqual([['a page has come'], ['a page has come']]);
    runs[0]?.end();
    await joined;
    expect(runs).toHaveLength(1);
  });

  it('continues for the others when one leaves, which rejects with the reason of its own signal', async () => {
    const { runs, work } = heldWork();
    const leaving = new AbortController();
    const left = work.join(waiter(leaving));
    const stays = work.join(waiter());
    leaving.abort(new Error('the unit is cancelled'));
    await expect(left).rejects.toThrow('the unit is cancelled');
    expect(runs[0]?.signal.aborted).toBe(false);
    runs[0]?.end();
    await stays;
  });

  it('is aborted when the last one leaves, and starts again for the next', async () => {
    const { runs, work } = heldWork();
    const leaving = new AbortController();
    const left = work.join(waiter(leaving));
    leaving.abort(new Error('the attempt ends'));
    await expect(left).rejects.toThrow('the attempt ends');
    expect(runs[0]?.signal.aborted).toBe(true);
    const next = work.join(waiter());
    runs[1]?.end();
    await next;
    expect(runs).toHaveLength(2);
  });

  it('fails for all who wait, and starts again for the next', async () => {
    const { runs, work } = heldWork();
    const joined = Promise.allSettled([work.join(waiter()), work.join(waiter())]);
    runs[0]?.end(new Error('the page broke'));
    expect((await joined).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = work.join(waiter());
    runs[1]?.end();
    await next;
  });

  it('is not started by one whose signal is already aborted', async () => {
    const { runs, work } = heldWork();
    const controller = new AbortController();
    controller.abort(new Error('too late'));
    await expect(work.join(waiter(controller))).rejects.toThrow('too late');
    expect(runs).toHaveLength(0);
  });
});
