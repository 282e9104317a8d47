import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteTransform, SourceBlob } from '../../../../src/domain/manifest.js';
import { freezeManifest } from '../../../../src/pipeline/discover/freeze-manifest.js';

// What separates fields and lines in the text of a manifest is likely here, and so are equal parts of two manifests.
const text = fc.oneof(
  fc.constantFrom('a', 'b', '1', '"', ',', '\n', '","', ']\n["', 'Zürich', 'Zu\u0308rich', ''),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const blob: fc.Arbitrary<SourceBlob> = fc.record({
  account: text,
  container: text,
  name: text,
  etag: text,
  bytes: fc.nat(3),
  md5: fc.oneof(fc.constant(null), text),
});
const transform: fc.Arbitrary<ByteTransform> = fc.record({
  decompress: fc.constantFrom('bzip2', 'gzip'),
  trailingGarbage: fc.constantFrom('fail', 'ignore'),
  onCorrupt: fc.constantFrom('fail', 'skip-blob'),
  join: fc.constantFrom('concat', 'lines'),
  compress: fc.constantFrom('gzip', 'none'),
  level: fc.constantFrom('standard', 'fast', 1, 9),
});
const manifest = fc.tuple(fc.array(blob, { maxLength: 4 }), transform);

describe('the digest of a manifest', () => {
  it('changes with anything that decides the bytes of the object, down to one field of one blob', () => {
    const fields = ['account', 'container', 'name', 'etag', 'bytes'] as const;
    fc.assert(
      fc.property(manifest, fc.nat(), fc.constantFrom(...fields), blob, ([blobs, how], at, field, other) => {
        fc.pre(blobs.length > 0);
        const position = at % blobs.length;
        const changed = blobs.with(position, { ...blobs[position]!, [field]: other[field] });
        expect(digest(changed, how) === digest(blobs, how)).toBe(blobs[position]![field] === other[field]);
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(manifest, manifest, ([blobs, how], [otherBlobs, otherHow]) => {
        const equal = same([blobs.map(identity), how], [otherBlobs.map(identity), otherHow]);
        expect(digest(blobs, how) === digest(otherBlobs, otherHow)).toBe(equal);
        expect(digest(blobs, how) === digest(blobs, otherHow)).toBe(same(how, otherHow));
        expect(digest(blobs.toReversed(), how) === digest(blobs, how)).toBe(
          same(blobs.toReversed().map(identity), blobs.map(identity)),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells manifests apart whose fields, written one after another, look the same', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 });
    const separators = fc.constantFrom(',', '","', '"', '\n', ']\n["', '');
    fc.assert(
      fc.property(fc.array(text, { minLength: 7, maxLength: 7 }), separators, cuts, cuts, (parts, by, one, other) => {
        const [a, b] = [one, other].map((at) => blobOf(parts, by, at));
        expect(digest([a!], plain) === digest([b!], plain)).toBe(same(a, b));
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not change with what changes no byte: stored MD5s, and what else a listing or a definition says', () => {
    fc.assert(
      fc.property(manifest, text, fc.nat(), ([blobs, how], md5, lastModifiedMs) => {
        const listed = blobs.map((one) => ({ ...one, md5, lastModifiedMs, lookup: 7, combination: 8 }));
        const checked = { ...how, crossCheck: { decode: 1, encode: 0 } };
        expect(digest(listed, checked)).toBe(digest(blobs, how));
      }),
      { numRuns: 300 },
    );
  });
});

const digest = (blobs: readonly SourceBlob[], how: ByteTransform): string => freezeManifest(blobs, how).digest;

const plain: ByteTransform = {
  ...{ decompress: 'bzip2', trailingGarbage: 'fail', onCorrupt: 'fail', join: 'concat', compress: 'gzip' },
  level: 'standard',
};

/** Cuts the parts into the four texts of a blob and joins those of each text by a separator. */
function blobOf(parts: readonly string[], separator: string, cuts: readonly number[]): SourceBlob {
  const at = [0, ...cuts.toSorted((a, b) => a - b), parts.length];
  const [account = '', container = '', name = '', etag = ''] = at
    .slice(1)
    .map((end, index) => parts.slice(at[index], end).join(separator));
  return { account, container, name, etag, bytes: 1, md5: null };
}

const identity = ({ md5: _, ...rest }: SourceBlob) => rest;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
