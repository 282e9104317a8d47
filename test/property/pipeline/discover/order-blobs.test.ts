import fc from 'fast-check';
import { expect, it } from 'vitest';
import { naturalKey } from '../../../../src/domain/text/natural-key.js';
import { type FoundBlob, orderBlobs } from '../../../../src/pipeline/discover/order-blobs.js';

const found: fc.Arbitrary<FoundBlob> = fc.record({
  name: fc.oneof(
    fc.constantFrom('a', 'b', 'B', 'p-2', 'p-10', 'p-02', 'é', '\uffee', '🚀'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  account: fc.constantFrom('east', 'west'),
  container: fc.constantFrom('x', 'y'),
  lookup: fc.nat(2),
  combination: fc.nat(2),
  lastModifiedMs: fc.nat(2),
  etag: fc.constant('"1"'),
  bytes: fc.constant(1),
  md5: fc.constant(null),
});
const identity = ({ name, account, container }: FoundBlob): string => JSON.stringify([name, account, container]);
const orders = fc.constantFrom('name', 'natural', 'lookup', 'lastModified');

it('does not depend on the order in which listings return blobs', () => {
  fc.assert(
    fc.property(
      fc
        .uniqueArray(found, { maxLength: 12, selector: identity })
        .chain((blobs) => fc.tuple(fc.constant(blobs), fc.shuffledSubarray(blobs, { minLength: blobs.length }))),
      orders,
      ([blobs, shuffled], order) => {
        expect(orderBlobs(shuffled, order).map(identity)).toEqual(orderBlobs(blobs, order).map(identity));
      },
    ),
    { numRuns: 300 },
  );
});

it('keeps every blob and orders neighbours by the first rule, then by the bytes of names', () => {
  const first = {
    name: () => 0,
    natural: (a: FoundBlob, b: FoundBlob) =>
      Buffer.compare(Buffer.from(naturalKey(a.name)), Buffer.from(naturalKey(b.name))),
    lookup: (a: FoundBlob, b: FoundBlob) => a.lookup - b.lookup,
    lastModified: (a: FoundBlob, b: FoundBlob) => a.lastModifiedMs - b.lastModifiedMs,
  };
  fc.assert(
    fc.property(fc.array(found, { maxLength: 12 }), orders, (blobs, order) => {
      const ordered = orderBlobs(blobs, order);
      expect(ordered.map(identity).sort()).toEqual(blobs.map(identity).sort());
      for (const [index, blob] of ordered.entries()) {
        const before = ordered[index - 1];
        if (before === undefined) continue;
        const rule = first[order](before, blob);
        expect(rule).toBeLessThanOrEqual(0);
        if (rule === 0) expect(Buffer.compare(Buffer.from(before.name), Buffer.from(blob.name))).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 300 },
  );
});
