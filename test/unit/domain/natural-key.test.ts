import { describe, expect, it } from 'vitest';
import { naturalKey } from '../../../src/domain/text/natural-key.js';

describe('the natural order of names', () => {
  it.each([
    [['p-1', 'p-2', 'p-10', 'p-11', 'p-100']],
    [['2019-7/3', '2019-07/10', '2019-12/1']],
    [['a', 'a1', 'a1b', 'a2', 'ab']],
    [['-', '/', '1', '1-', '1a', '2', 'a', 'é', '\uffee', '🚀']],
    [['p-9007199254740992', 'p-9007199254740993', 'p-100000000000000000000']],
    [['0', '1', '1.9a', '1.10']],
  ])('counts runs of digits as numbers, however long, and all else by its bytes: %j', (names) => {
    const sorted = names.toReversed().toSorted((a, b) => Buffer.compare(bytes(a), bytes(b)));
    expect(sorted).toEqual(names);
  });

  it('treats names as equal that differ only in leading zeros', () => {
    expect(naturalKey('p-007/01')).toBe(naturalKey('p-7/1'));
    expect(naturalKey('p-000')).toBe(naturalKey('p-0'));
  });
});

const bytes = (name: string): Buffer => Buffer.from(naturalKey(name));
