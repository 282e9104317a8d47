import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { encodeSegment } from '../../../../../src/pipeline/pack/deflate/encode-segment.js';
import { encoderVersion } from '../../../../../src/pipeline/pack/deflate/encode-segment.js';
import { deflateLevels, segmentBytesMax } from '../../../../support/corpora/deflate-fuzz.js';
import { byteKinds, periodic, type ByteMaker } from '../../../../support/corpora/deflate-inputs.js';
import { randomNumbers } from '../../../../support/random-numbers.js';

type Digests = Readonly<Record<string, string>>;

const path = new URL('fixtures/golden-digests.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, Digests>>;

it('makes the bytes of its version: when they change, encoderVersion must too, with new digests', () => {
  expect(digests(), `new digests for ${path.pathname}, under a new version`).toEqual(golden[encoderVersion]);
});

it('has another version for other bytes', () => {
  const known = Object.values(golden).map((each) => JSON.stringify(each));
  expect(new Set(known).size).toBe(known.length);
});

/** SHA-256 of what each kind of bytes is deflated to at each level, in several lengths, one of them a full segment. */
function digests(): Digests {
  const makers: Record<string, ByteMaker> = {
    ...byteKinds,
    'a period of 300': (random, length) => periodic(random, 300, length),
  };
  return Object.fromEntries(
    Object.entries(makers).flatMap(([kind, make]) =>
      deflateLevels.map((level) => {
        const hash = createHash('sha256');
        for (const length of [0, 1, 30, 1000, 40_000, segmentBytesMax]) {
          const raw = make(randomNumbers(length + 1), length);
          for (const last of [false, true]) hash.update(encodeSegment(raw, { level, last }));
        }
        return [`${kind}, ${level}`, hash.digest('hex')];
      }),
    ),
  );
}
