import { describe, expect, it } from 'vitest';
import { careAfter, isCareful, isPoison, noCare, type Care } from '../../../src/domain/careful-mode.js';

const died = (care: Care, progress = false, seen = true): Care => careAfter({ care, inOrder: false, seen, progress });
const endedInOrder = (care: Care, progress = false): Care => careAfter({ care, inOrder: true, seen: false, progress });
const alone = (index: number, deaths = 0): Care => ({
  deaths: 2,
  suspect: { index, deaths, partsBefore: 0, alone: true },
});

describe('the care of the next attempt', () => {
  it('is careful after two deaths in a row without progress, and the count ends there', () => {
    const once = died(noCare);
    expect([once, isCareful(once)]).toEqual([{ deaths: 1 }, false]);
    const twice = died(once);
    expect([twice, isCareful(twice)]).toEqual([{ deaths: 2 }, true]);
    expect(died(died(died(twice)))).toEqual({ deaths: 2 });
  });

  it('starts again after a death with progress', () => {
    expect(died({ deaths: 1 }, true)).toEqual(noCare);
    expect(died({ deaths: 2 }, true)).toEqual(noCare);
  });

  it('is the same after an attempt that ended in order, or none where that made progress', () => {
    const care: Care = { deaths: 2, suspect: { index: 7, deaths: 2 } };
    for (const given of [{ deaths: 1 }, care]) expect(endedInOrder(given)).toEqual(given);
    expect(endedInOrder(alone(7, 2))).toEqual(care);
    expect(endedInOrder(care, true)).toEqual(noCare);
  });

  it('counts deaths of a unit alone, and calls it poison at the third in a row', () => {
    let care = died(alone(7));
    expect(care).toEqual({ deaths: 2, suspect: { index: 7, deaths: 1 } });
    care = died(alone(7, 1));
    expect(isPoison(care.suspect!)).toBe(false);
    care = died(alone(7, 2));
    expect(care).toEqual({ deaths: 2, suspect: { index: 7, deaths: 3 } });
    expect(isPoison(care.suspect!)).toBe(true);
    expect(died(alone(7, 3)).suspect?.deaths).toBe(3);
  });

  it('keeps a parked suspect, whatever becomes of the others', () => {
    const parked: Care = { deaths: 2, suspect: { index: 7, deaths: 3, unseen: true } };
    expect(endedInOrder(parked, true)).toEqual(parked);
  });

  it('only names a unit that died beside others, so that it is alone the next time', () => {
    const beside: Care = { deaths: 2, suspect: { index: 7, deaths: 0, partsBefore: 0 } };
    expect(died(beside)).toEqual({ deaths: 2, suspect: { index: 7, deaths: 0 } });
  });

  it('remembers that nobody saw one of the deaths', () => {
    const care = died(alone(7), false, false);
    expect(care).toEqual({ deaths: 2, suspect: { index: 7, deaths: 1, unseen: true } });
    const again = died({ deaths: 2, suspect: { ...care.suspect!, partsBefore: 0, alone: true } });
    expect(again).toEqual({ deaths: 2, suspect: { index: 7, deaths: 2, unseen: true } });
  });

  it('does not count a death before the unit began, nor one after progress; then the unit comes first', () => {
    expect(died({ deaths: 2, suspect: { index: 7, deaths: 1 } })).toEqual({
      deaths: 2,
      suspect: { index: 7, deaths: 1 },
    });
    expect(died(alone(7, 2), true)).toEqual({ deaths: 2, suspect: { index: 7, deaths: 0 } });
  });
});
