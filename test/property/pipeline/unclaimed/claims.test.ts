import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimFiles } from '../../../../src/pipeline/unclaimed/claim-files.js';
import { examineContainer } from '../../../../src/pipeline/unclaimed/examine-container.js';
import type { ListedFinding } from '../../../../src/pipeline/unclaimed/finding-sums.js';
import type { ListedItem } from '../../../../src/pipeline/unclaimed/match-claims.js';
import { nameKey, nameOfKey } from '../../../../src/pipeline/unclaimed/name-key.js';

// Small enough that a few dozen items are sorted in several files and merged at several levels.
const options = { batchBytes: 1_000, filesMax: 3 };

// Few letters, so that names collide, are prefixes of each other, and hold what UTF-8 and UTF-16 order differently.
const letter = fc.constantFrom('a', 'b', '/', '-', '.', '\n', '\u0001', 'é', '\u{ffff}', '\u{1f600}', '0');
const name = fc.array(letter, { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''));
const places = [
  { account: 'east', container: 'a' },
  { account: 'east', container: 'b' },
  { account: 'west', container: 'a' },
];

describe('the claims of units', () => {
  it('divide each container exactly into claimed and unclaimed blobs, whatever the order of its listing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(name, { maxLength: 40 }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(2), name, fc.nat(3)), { maxLength: 80, size: 'max' }),
        fc.constantFrom('bytes', 'folders', 'utf16', 'any'),
        fc.integer({ min: 1, max: 9 }),
        async (containers, claims, order, pageSize) => {
          const directory = await mkdtemp(join(tmpdir(), 'longhaul-claims-'));
          try {
            const files = new ClaimFiles(directory, options);
            for (const place of places) files.addPlace(place);
            for (const [place, blob, unit] of claims) await files.add({ ...places[place]!, name: blob, unit });
            await files.divide();
            for (const [index, place] of places.entries()) {
              const listed = containers[index]!;
              const examined = await examineContainer({
                ...{ place, directory, name: `c${index}`, options },
                claims: () => files.of(place),
                list: () => pages(sorted(listed, order), pageSize),
              });
              const own = claims.filter(([of]) => of === index);
              const unitsOf = (blob: string): readonly number[] => [
                ...new Set(own.filter(([, claimed]) => claimed === blob).map(([, , unit]) => unit)),
              ];
              const expected = listed.filter((blob) => unitsOf(blob).length !== 1);
              const found = await findings(examined.list);
              await examined.remove();
              expect(new Set(found.map((each) => each.name))).toEqual(new Set(expected));
              expect(found).toHaveLength(expected.length);
              for (const each of found)
                expect(each.units).toEqual([...unitsOf(each.name)].sort((a, b) => a - b).slice(0, 5));
              const { claimed, unclaimed, twice, gone } = examined.sums;
              expect(claimed.blobs + unclaimed.blobs).toBe(listed.length);
              expect(claimed.bytes + unclaimed.bytes).toBe(listed.reduce((sum, blob) => sum + blob.length, 0));
              expect(unclaimed.blobs).toBe(listed.filter((blob) => unitsOf(blob).length === 0).length);
              expect(twice.blobs).toBe(listed.filter((blob) => unitsOf(blob).length > 1).length);
              expect(gone).toBe(new Set(own.map(([, blob]) => blob).filter((blob) => !listed.includes(blob))).size);
              expect(examined.sums.shapes.reduce((sum, { blobs }) => sum + blobs, 0)).toBe(unclaimed.blobs);
              await files.forget(place);
            }
            expect(await readdir(directory)).toEqual([]);
          } finally {
            await rm(directory, { recursive: true });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are ordered as the bytes of their names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const [keyOfA, keyOfB] = [nameKey(a), nameKey(b)];
        const byKeys = keyOfA < keyOfB ? -1 : keyOfA > keyOfB ? 1 : 0;
        expect(byKeys).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(nameOfKey(keyOfA)).toBe(a);
      }),
    );
  });
});

/** `folders` is the order of a hierarchical namespace, in which a folder comes with all that is below it. */
function sorted(names: readonly string[], order: string): readonly string[] {
  const folders = (text: string): string => text.replaceAll('/', '\0');
  const keyOf: Record<string, (text: string) => string> = {
    bytes: nameKey,
    folders: (text) => nameKey(folders(text)),
    utf16: (text) => text,
  };
  const key = keyOf[order];
  return key === undefined ? names : names.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function* pages(names: readonly string[], size: number): AsyncGenerator<readonly ListedItem[]> {
  // A page may be empty without being the last.
  yield [];
  for (let start = 0; start < names.length; start += size)
    yield names
      .slice(start, start + size)
      .map((text) => ({ key: nameKey(text), bytes: text.length, lastModifiedMs: 0 }));
}

async function findings(list: AsyncIterable<Uint8Array> | undefined): Promise<readonly ListedFinding[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of list ?? []) pieces.push(piece);
  if (pieces.length === 0) return [];
  const lines = gunzipSync(Buffer.concat(pieces)).toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as ListedFinding);
}
