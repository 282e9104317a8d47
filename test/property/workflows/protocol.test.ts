import { expect, test } from 'vitest';
import { playProtocol, type Play } from '../../support/protocol/play-protocol.js';
import { testSeed } from '../../support/test-seed.js';

const plays = 250;

test('root and partitions keep their promises in every order of events', () => {
  const first = testSeed('protocol');
  const played: Play[] = [];
  for (let seed = first; seed < first + plays; seed += 1) {
    try {
      played.push(playProtocol(seed));
    } catch (cause) {
      throw new Error(`the play of seed ${seed} broke a promise: ${String(cause)}`, { cause });
    }
  }
  // Otherwise the plays would show nothing.
  expect(played.some(({ roots }) => roots > 1)).toBe(true);
  expect(played.some(({ pauses }) => pauses > 0)).toBe(true);
});
