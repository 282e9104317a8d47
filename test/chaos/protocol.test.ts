import { test } from 'vitest';
import { playProtocol } from '../support/protocol/play-protocol.js';
import { testSeed } from '../support/test-seed.js';

const plays = 10_000;

test('root and partitions keep their promises in ten thousand plays', () => {
  const first = testSeed('protocol');
  for (let seed = first; seed < first + plays; seed += 1) {
    try {
      playProtocol(seed);
    } catch (cause) {
      throw new Error(`the play of seed ${seed} broke a promise: ${String(cause)}`, { cause });
    }
  }
});
