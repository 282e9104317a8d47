import { describe, expect, it } from 'vitest';
import { findShapes } from '../../../src/shapes/find-shapes.js';
import { shapeText } from '../../../src/shapes/shape-text.js';
import { ShapeTable, shapeLimits } from '../../../src/shapes/shape-table.js';
import { daysFrom, hexDigits, numbersTo, tableOf } from '../../support/migrations/listed-names.js';

const textsOf = (names: readonly string[]): readonly string[] =>
  findShapes(tableOf(names)).map(({ elements, blobs }) => `${shapeText(elements)} ${String(blobs)}`);

const days = daysFrom('2019-12-25', 20);
const pad = (number: number, width: number): string => String(number).padStart(width, '0');

describe('the shapes of names', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'folders of a day with hashes, words and numbers',
      days.flatMap(([y, m, d], day) =>
        numbersTo(30).map((n) => {
          const word = ['web', 'api-eu', 'batch2', 'jobs', 'auth'][n % 5] ?? '';
          return `events/${y}/${m}/${d}/${hexDigits(day * 30 + n, 4)}/${word}-${pad(n, 4)}.json.bz2`;
        }),
      ),
      ['events/{yyyy}/{MM}/{dd}/{hash:4}/{text}-{n:4}.json.bz2 600'],
    ],
    [
      'compact dates with times',
      days.flatMap(([y, m, d]) =>
        numbersTo(24).map((h) => `c/${y}${m}${d}T${pad(h, 2)}00Z/x-${y}${m}${d}${pad(h, 2)}.csv`),
      ),
      ['c/{yyyyMMdd}T{HHmm}Z/x-{yyyyMMddHH}.csv 480'],
    ],
    [
      'partitions with keys, padded or not',
      daysFrom('2019-08-01', 150).map(
        ([y, m, d]) => `c/year=${y}/month=${String(Number(m))}/day=${String(Number(d))}/a.gz`,
      ),
      ['c/year={yyyy}/month={M}/day={d}/a.gz 150'],
    ],
    ['the same with letters', days.map(([y, m, d]) => `c/y${y}/m${m}/d${d}/a.gz`), ['c/y{yyyy}/m{MM}/d{dd}/a.gz 20']],
    [
      'hours and minutes, and those that are always the same',
      days.flatMap(([y, m, d]) => numbersTo(24).map((h) => `c/y=${y}/m=${m}/d=${d}/h=${pad(h, 2)}/m=00/PT1H.json`)),
      ['c/y={yyyy}/m={MM}/d={dd}/h={HH}/m=00/PT1H.json 480'],
    ],
    [
      'two digits of a file, which are hours only if they are as large as hours',
      days.flatMap(([y, m, d]) => numbersTo(8).map((n) => `c/${y}/${m}/${d}/${pad(n, 2)}.json`)),
      ['c/{yyyy}/{MM}/{dd}/{n:2}.json 160'],
    ],
    [
      'two digits that are no days in February',
      daysFrom('2019-01-01', 60).flatMap(([y, m]) => [28, 29].map((n) => `c/${y}/${m}/${String(n)}/a`)),
      ['c/{yyyy}/{MM}/{n:2}/a 120'],
    ],
    ['numbers without padding', numbersTo(1_200).map((n) => `c/part-${String(n)}.json`), ['c/part-{n}.json 1200']],
    [
      'numbers that have outgrown their padding',
      numbersTo(1_200).map((n) => `c/part${pad(n, 3)}.json`),
      ['c/part{n:3}.json 1200'],
    ],
    [
      'numbers of two paddings, which are two schemes',
      [...numbersTo(50).map((n) => `c/${pad(n, 3)}.json`), ...numbersTo(20).map((n) => `c/${pad(n, 5)}.json`)],
      ['c/{n:3}.json 50', 'c/{n:5}.json 20'],
    ],
    [
      'GUIDs and versions',
      numbersTo(40).map((n) => {
        const digits = hexDigits(n, 32);
        const guid = [0, 8, 12, 16, 20].map((at, i) => digits.slice(at, at + [8, 4, 4, 4, 12][i]!)).join('-');
        return `c/v1.${String(n % 3)}/${guid}.parquet`;
      }),
      ['c/{version}/{guid}.parquet 40'],
    ],
    [
      'hashes of capital letters, and shards of two digits',
      numbersTo(600).map((n) => `c/${hexDigits(n, 2)}/${hexDigits(n + 7_000, 8).toUpperCase()}.bin`),
      ['c/{hash:2}/{hash:8}.bin 600'],
    ],
    [
      'words that happen to be hexadecimal',
      ['acme', 'feed', 'cafe', 'b2b1', 'zeta', 'decade'].flatMap((word) =>
        [1, 2].map((n) => `c/${word}/${String(n)}.json`),
      ),
      ['c/{text}/{n}.json 12'],
    ],
    [
      'few words, which are shown',
      ['eu', 'us'].flatMap((region) => [1, 2].map((n) => `c/region=${region}/${String(n)}.json`)),
      ['c/region={eu|us}/{n}.json 4'],
    ],
    [
      'containers as part of the names',
      daysFrom('2019-11-01', 90).map(([y, m, d]) => `events-${y}-${m}/acme/${d}.json`),
      ['events-{yyyy}-{MM}/acme/{dd}.json 90'],
    ],
    [
      'other extensions as other shapes',
      days.flatMap(([y, m, d]) => [
        `c/${y}/${m}/${d}/data.json.gz`,
        `c/${y}/${m}/${d}/data.csv`,
        `c/${y}/${m}/${d}/_SUCCESS`,
      ]),
      ['c/{yyyy}/{MM}/{dd}/_SUCCESS 20', 'c/{yyyy}/{MM}/{dd}/data.csv 20', 'c/{yyyy}/{MM}/{dd}/data.json.gz 20'],
    ],
    [
      'empty folders, spaces and letters of any script',
      ['é', 'ü b', 'ж+ж', '日本'].map((word) => `c//a%20b=/${word}/x (1)`),
      ['c//a%20b=/{text}/x (1) 4'],
    ],
  ])('recognise %s', (_, names, shapes) => {
    expect(textsOf(names)).toEqual(shapes);
  });

  it('say which dates occur, and how many days are missing', () => {
    const names = daysFrom('2020-02-20', 20).flatMap(([y, m, d]) =>
      d === '29' || d === '02' ? [] : [`c/${y}/${m}/${d}/x.gz`],
    );
    expect(findShapes(tableOf(names))[0]?.dates).toEqual({
      ...{ first: '2020-02-20', last: '2020-03-10', precision: 'day' },
      ...{ missing: 2, firstMissing: ['2020-02-29', '2020-03-02'] },
    });
    const months = ['2018-11', '2018-12', '2019-02'].map((month) => `c/${month}/x.gz`);
    expect(findShapes(tableOf(months))[0]?.dates).toMatchObject({
      precision: 'month',
      missing: 1,
      firstMissing: ['2019-01'],
    });
  });

  it('say of sizes how many are empty, the largest, and the median to within 5 %', () => {
    const names = numbersTo(1_001).map((n) => `c/${pad(n, 4)}.json`);
    const [shape] = findShapes(tableOf(names, (name) => Number(name.slice(2, 6)) * 1_400));
    expect(shape).toMatchObject({ blobs: 1_001, bytes: 700_700_000, emptyBlobs: 1, largestBytes: 1_400_000 });
    expect(shape?.medianBytes).toBeGreaterThan(665_000);
    expect(shape?.medianBytes).toBeLessThan(735_000);
  });

  it('say where numbers start if no series has a gap, padded or not', () => {
    const series = (count: number, text: (n: number) => string): readonly string[] =>
      days.flatMap(([y, m, d]) => numbersTo(count).map((n) => `c/${y}/${m}/${d}/p-${text(n + 1)}.json`));
    const sequenceOf = (names: readonly string[]) => findShapes(tableOf(names)).map(({ sequence }) => sequence);
    expect(sequenceOf(series(120, String))).toEqual([{ start: 1 }]);
    expect(sequenceOf(series(12, (n) => pad(n, 4)))).toEqual([{ start: 1 }]);
    expect(sequenceOf(series(120, String).filter((name) => !name.endsWith('25/p-77.json')))).toEqual([null]);
  });
});

describe('a table of shapes', () => {
  it('counts every blob, whatever the names, and says of the rest that it is anything', () => {
    const table = new ShapeTable({ ...shapeLimits, groupsMax: 5, coarseMax: 2 });
    const names = numbersTo(60).map((n) => `${'-x1'.repeat(n % 12)}y${'/z'.repeat(n % 7)}.json`);
    for (const name of names) table.add({ container: 'c', name, etag: '"1"', bytes: 1 });
    const shapes = findShapes(table);
    expect(shapes.reduce((sum, { blobs }) => sum + blobs, 0)).toBe(60);
    expect(shapes.length).toBeLessThanOrEqual(8);
    expect(shapes.map(({ elements }) => shapeText(elements))).toContain('{anything}');
  });

  it('continues as if nothing had happened when it is stored and restored half way', () => {
    const names = days.flatMap(([y, m, d]) =>
      numbersTo(99).map((n) => `c/${y}/${m}/${d}/${hexDigits(n, 4)}/p-${String(n)}.json`),
    );
    const blobs = names.sort().map((name, n) => ({ container: 'c', name: name.slice(2), etag: '"1"', bytes: n }));
    const [whole, first] = [new ShapeTable(), new ShapeTable()];
    for (const blob of blobs) whole.add(blob);
    for (const blob of blobs.slice(0, 777)) first.add(blob);
    const second = ShapeTable.restore(JSON.parse(JSON.stringify(first.store())));
    for (const blob of blobs.slice(777)) second.add(blob);
    expect(findShapes(second)).toEqual(findShapes(whole));
  });

  it('stays small, however many different names there are', () => {
    const table = new ShapeTable();
    for (const n of numbersTo(6_000)) {
      const name = numbersTo(n % 9)
        .map((level) => hexDigits(n * 9 + level, 1 + ((n + level) % 12)))
        .join(n % 2 === 0 ? '/' : '-_');
      table.add({ container: `c${String(n % 50)}`, name: `${name}.${hexDigits(n, 3)}`, etag: '"1"', bytes: n });
    }
    expect(JSON.stringify(table.store()).length).toBeLessThan(2_000_000);
  });
});
