import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBlob, type DecodeBlobOptions } from '../../../../src/pipeline/decode/decode-blob.js';
import { cutAt, piecesOf } from '../../../support/fakes/async-bytes.js';
import { writeStream } from '../../../support/corpora/bzip2-writer.js';

const limits = { blobBytes: 2 ** 40, expansion: 2_000 };

/** What becomes of a blob: its bytes and verdict, or the class and message of the failure. */
async function outcome(pieces: readonly Uint8Array[], transform: DecodeBlobOptions['transform']): Promise<unknown> {
  const all: Uint8Array[] = [];
  const decoding = decodeBlob(piecesOf(pieces), { transform, limits, label: 'a' });
  try {
    for (;;) {
      const next = await decoding.next();
      if (next.done === true) return { text: Buffer.concat(all).toString('latin1'), verdict: next.value };
      all.push(next.value);
    }
  } catch (error) {
    const { failureClass, message } = error as { failureClass: string; message: string };
    return { failureClass, message };
  }
}

const text = fc.oneof(
  fc.uint8Array({ maxLength: 300, size: 'max' }),
  fc.nat(70_000).map((length) => Buffer.alloc(length, 'a line\n')),
);
const member = fc.oneof(
  text.map((bytes) => gzipSync(bytes)),
  text.map((bytes) => writeStream(9, bytes.length === 0 ? [] : [{ content: Buffer.from(bytes) }])),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);
const change = fc.record({ at: fc.nat(2_000), value: fc.nat(255) });
const transform = fc.record({
  decompress: fc.constantFrom('gzip', 'auto', 'none', 'bzip2'),
  trailingGarbage: fc.constantFrom('fail', 'ignore'),
}) as fc.Arbitrary<DecodeBlobOptions['transform']>;

it('returns the same bytes, verdict or failure however a whole or damaged blob is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { maxLength: 4 }),
      fc.option(change),
      fc.option(fc.nat(2_000)),
      transform,
      fc.array(fc.nat(3_000), { maxLength: 30 }),
      async (members, changed, cutOff, rules, cuts) => {
        const blob = Buffer.concat(members);
        if (changed !== null && changed.at < blob.length) blob[changed.at] = changed.value;
        const bytes = cutOff === null ? blob : blob.subarray(0, Math.max(0, blob.length - cutOff));
        expect(await outcome(cutAt(bytes, cuts), rules)).toEqual(await outcome([bytes], rules));
      },
    ),
    { numRuns: 150 },
  );
});

it('gives back what was packed, whatever the members', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), fc.constantFrom(1, 6, 9), async (texts, level) => {
      const blob = Buffer.concat(texts.map((bytes) => gzipSync(bytes, { level })));
      const expected = Buffer.concat(texts);
      for (const decompress of ['gzip', 'auto'] as const) {
        expect(await outcome([blob], { decompress, trailingGarbage: 'fail' })).toEqual({
          text: expected.toString('latin1'),
          verdict: {
            format: 'gzip',
            streams: texts.length,
            compressedBytes: blob.length,
            decodedBytes: expected.length,
          },
        });
      }
    }),
    { numRuns: 40 },
  );
});
