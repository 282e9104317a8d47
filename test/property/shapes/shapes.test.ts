import { expect, it } from 'vitest';
import { findShapes } from '../../../src/shapes/find-shapes.js';
import { shapePattern } from '../../../src/shapes/shape-pattern.js';
import { shapeText } from '../../../src/shapes/shape-text.js';
import { tableOf } from '../../support/migrations/listed-names.js';
import { chance, pick, type RandomNumbers, randomNumbers, upTo } from '../../support/random-numbers.js';
import { testSeed } from '../../support/test-seed.js';

/** A part of a scheme: how people write it, and a text of it for the name of a number. */
interface Part {
  readonly text: string;
  readonly of: (random: RandomNumbers, date: string) => string;
}

const digitsOf = (random: RandomNumbers, alphabet: string, width: number): string =>
  Array.from({ length: width }, () => alphabet[upTo(random, alphabet.length)]).join('');

const words = ['orders', 'payments', 'web-shop', 'quarterly', 'my.company', 'stock_up', 'Österreich', 'two words'];

const literal = (text: string): Part => ({ text, of: () => text });
const dated = (text: string): Part => ({
  text,
  of: (_random, date) =>
    text.replace('{yyyy}', date.slice(0, 4)).replace('{MM}', date.slice(5, 7)).replace('{dd}', date.slice(8, 10)),
});
const compact: Part = { text: '{yyyyMMdd}', of: (_random, date) => date.replaceAll('-', '') };
const word: Part = { text: '{text}', of: (random) => pick(random, words) };
const hash = (width: number): Part => ({
  text: `{hash:${String(width)}}`,
  of: (random) => digitsOf(random, '0123456789abcdef', width),
});
const padded = (width: number): Part => ({
  text: `{n:${String(width)}}`,
  of: (random) => String(upTo(random, 10 ** width / 2)).padStart(width, '0'),
});
const plain: Part = { text: '{n}', of: (random) => String(upTo(random, 3_000)) };
const guid: Part = {
  text: '{guid}',
  of: (random) => [8, 4, 4, 4, 12].map((width) => digitsOf(random, '0123456789abcdef', width)).join('-'),
};

/** Makes up a scheme: folders of dates, words, hashes and shards in any order, and a file with a number or an id. */
function randomScheme(random: RandomNumbers): readonly Part[] {
  const folders = [
    pick(random, [
      dated('{yyyy}/{MM}/{dd}'),
      dated('{yyyy}-{MM}/{dd}'),
      dated('y={yyyy}/m={MM}/d={dd}'),
      dated('{dd}-{MM}-{yyyy}'),
      compact,
    ]),
    ...(chance(random, 0.6) ? [word] : []),
    ...(chance(random, 0.4) ? [hash(pick(random, [2, 4, 8, 32]))] : []),
    ...(chance(random, 0.3) ? [literal(pick(random, ['raw', 'zone', 'v2/out']))] : []),
  ];
  const shuffled = folders.sort(() => random() - 0.5).flatMap((part) => [part, literal('/')]);
  const id = pick(random, [padded(4), padded(6), plain, guid, hash(16)]);
  const file = chance(random, 0.6) ? [word, literal(pick(random, ['-', '_'])), id] : [id];
  return [
    literal('events/'),
    ...shuffled,
    ...file,
    literal(pick(random, ['', '.json', '.json.bz2', '.csv.gz', '.avro'])),
  ];
}

it('finds the scheme that made-up names were made by, as one shape that matches and counts every name', () => {
  const seed = testSeed('shapes of names');
  const random = randomNumbers(seed);
  for (let round = 0; round < 25; round += 1) {
    const scheme = randomScheme(random);
    const names = Array.from({ length: 300 }, () => {
      const date = new Date(Date.UTC(2017, 0, 1 + upTo(random, 900))).toISOString().slice(0, 10);
      return scheme.map(({ of }) => of(random, date)).join('');
    });
    const unique = [...new Set(names)];
    const bytes = new Map(unique.map((name) => [name, upTo(random, 10_000)]));
    const shapes = findShapes(tableOf(unique, (name) => bytes.get(name) ?? 0));
    const wanted = scheme.map(({ text }) => text).join('');
    expect(
      shapes.map(({ elements }) => shapeText(elements)),
      `round ${String(round)} of seed ${String(seed)}: ${unique.slice(0, 3).join(' ')}`,
    ).toEqual([wanted]);
    const [shape] = shapes;
    const pattern = shapePattern(shape?.elements ?? []);
    expect(unique.filter((name) => !pattern.test(name))).toEqual([]);
    expect(shape?.blobs).toBe(unique.length);
    expect(shape?.bytes).toBe([...bytes.values()].reduce((sum, size) => sum + size, 0));
    expect(shape?.emptyBlobs).toBe([...bytes.values()].filter((size) => size === 0).length);
  }
});

it('counts every name once and matches it by its shape, whatever the names are', () => {
  const seed = testSeed('any names');
  const random = randomNumbers(seed);
  const piece = (): string =>
    pick(random, [
      () => pick(random, words),
      () => digitsOf(random, '0123456789', 1 + upTo(random, 9)),
      () => digitsOf(random, '0123456789abcdef', 1 + upTo(random, 9)),
      () => digitsOf(random, 'a1-_.=/ +%#?é', 1 + upTo(random, 5)),
      () => pick(random, ['2019', '07', 'v1', 'year=2019', '20190703T0405Z', 'm07']),
    ])();
  for (let round = 0; round < 20; round += 1) {
    const names = Array.from(
      { length: 200 },
      () => `c/${Array.from({ length: 1 + upTo(random, 5) }, piece).join(pick(random, ['/', '-', '', '.']))}`,
    );
    const unique = [...new Set(names)];
    const shapes = findShapes(tableOf(unique));
    const patterns = shapes.map(({ elements }) => shapePattern(elements));
    const where = `round ${String(round)} of seed ${String(seed)}`;
    expect(
      shapes.reduce((sum, { blobs }) => sum + blobs, 0),
      where,
    ).toBe(unique.length);
    for (const [index, shape] of shapes.entries()) {
      const matching = unique.filter((name) => patterns[index]?.test(name)).length;
      expect(matching, `${where}: ${shapeText(shape.elements)}`).toBeGreaterThanOrEqual(shape.blobs);
    }
    expect(
      unique.filter((name) => !patterns.some((pattern) => pattern.test(name))),
      where,
    ).toEqual([]);
  }
});
