import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeByUnbzip2 } from '../../../../src/pipeline/second-decoder/unbzip2-stream.js';
import { cutAt, joinAll, piecesOf } from '../../../support/fakes/async-bytes.js';
import { useBzip2 } from '../../../support/corpora/bzip2.js';

const bzip2 = useBzip2();
const limits = { blobBytes: 2 ** 40, expansion: 2_000 };

it('decodes what bzip2 packed, whatever the texts, the streams and the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 400, size: 'max' }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(2_000), { maxLength: 30 }),
      async (texts, cuts) => {
        const blob = await bzip2(...texts);
        const decoded = await joinAll(decodeByUnbzip2(piecesOf(cutAt(blob, cuts)), limits, 'a'));
        expect(decoded.equals(Buffer.concat(texts))).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

it('never accepts other bytes after any change of a few bytes', async () => {
  const text = Buffer.from('{"id":1,"name":"a line of a log"}\n'.repeat(20));
  const blob = await bzip2(text, text);
  const whole = Buffer.concat([text, text]);
  const change = fc.tuple(fc.nat(blob.length - 1), fc.integer({ min: 0, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const damaged = Buffer.from(blob);
      for (const [position, value] of changes) damaged[position] = value;
      const result = await joinAll(decodeByUnbzip2(piecesOf([damaged]), limits, 'a')).catch((error: unknown) => error);
      if (Buffer.isBuffer(result)) expect(result.equals(whole)).toBe(true);
      else expect(result).toMatchObject({ failureClass: expect.stringMatching(/^CorruptInput/) });
    }),
    { numRuns: 300 },
  );
});
