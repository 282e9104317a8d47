import { describe, expect, it } from 'vitest';
import { UnitTurns } from '../../../src/flow/unit-turns.js';
import { Flag } from '../../support/fakes/flag.js';

const never = new AbortController().signal;
const turn = () => new Promise(setImmediate);

function watched() {
  const turns = new UnitTurns();
  const running = new Set<string>();
  const order: string[] = [];
  const begin = (kind: 'beside' | 'alone', name: string, signal = never) => {
    const end = new Flag();
    const ended = turns[kind](async () => {
      if (kind === 'alone') expect(running.size).toBe(0);
      running.add(name);
      order.push(name);
      await end.raised;
      running.delete(name);
      return name;
    }, signal);
    return { end: end.raise, ended };
  };
  return { running, order, begin };
}

describe('turns of units', () => {
  it('lets many run beside each other, and one alone only when all have ended', async () => {
    const { running, begin } = watched();
    const a = begin('beside', 'a');
    const b = begin('beside', 'b');
    const alone = begin('alone', 'alone');
    const c = begin('beside', 'c');
    await turn();
    expect([...running]).toEqual(['a', 'b']);
    a.end();
    await a.ended;
    await turn();
    expect([...running]).toEqual(['b']);
    b.end();
    await turn();
    expect([...running]).toEqual(['alone']);
    alone.end();
    expect(await alone.ended).toBe('alone');
    await turn();
    expect([...running]).toEqual(['c']);
    c.end();
    await c.ended;
  });

  it('grants turns in the order of asking, so that neither kind waits for ever', async () => {
    const { order, begin } = watched();
    const all = [
      begin('alone', 'a'),
      begin('beside', 'b'),
      begin('beside', 'c'),
      begin('alone', 'd'),
      begin('beside', 'e'),
    ];
    for (const one of all) {
      one.end();
      await one.ended;
    }
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('continues after a move that fails', async () => {
    const turns = new UnitTurns();
    await expect(turns.alone(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    await expect(turns.beside(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await turns.alone(() => Promise.resolve(1), never)).toBe(1);
  });

  it('releases a turn that nobody waits for any more, and those queued behind it', async () => {
    const { running, begin } = watched();
    const abort = new AbortController();
    const a = begin('beside', 'a');
    const alone = begin('alone', 'alone', abort.signal);
    const b = begin('beside', 'b');
    const reason = new Error('shutdown');
    const ended = expect(alone.ended).rejects.toBe(reason);
    abort.abort(reason);
    await ended;
    await turn();
    expect([...running]).toEqual(['a', 'b']);
    await expect(begin('beside', 'c', abort.signal).ended).rejects.toBe(reason);
    for (const one of [a, b]) {
      one.end();
      await one.ended;
    }
  });
});
