import { describe, expect, it } from 'vitest';
import { planDemoUnit } from '../../../src/local/demo-data/plan-demo-unit.js';
import { planNeighbours } from '../../../src/local/demo-data/plan-neighbours.js';
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
      'shards of two digits where few occur, with the same shards under names of which there are fewer',
      numbersTo(20).flatMap((n) => [
        `c/${hexDigits(n, 2)}/p${pad(n, 3)}/x.json`,
        ...(n % 5 === 0 ? [`c/${hexDigits(n, 2)}/p${pad(n, 3)}/y.csv`] : []),
      ]),
      ['c/{hash:2}/{text}/x.json 20', 'c/{hash:2}/{text}/y.csv 4'],
    ],
    [
      'shards that look like days beside a month',
      daysFrom('2019-07-01', 62).flatMap(([y, m, d], n) => [`c-${y}-${m}/${hexDigits(n, 2)}/${d}.json`]),
      ['c-{yyyy}-{MM}/{hash:2}/{n:2}.json 62'],
    ],
    ['shards of one digit', numbersTo(80).map((n) => `c/${hexDigits(n, 1)}/x.json`), ['c/{hash:1}/x.json 80']],
    [
      'shards of capital letters',
      numbersTo(600).map((n) => `c/${hexDigits(n, 2).toUpperCase()}/x.json`),
      ['c/{hash:2}/x.json 600'],
    ],
    [
      'shards of three digits, some of which begin like days',
      numbersTo(600).map((n) => `c/${hexDigits(n, 3)}/x.json`),
      ['c/{hash:3}/x.json 600'],
    ],
    [
      'few folders of one digit or letter, which are no shards',
      Array.from('123ab').map((folder) => `c/${folder}/x.json`),
      ['c/{n}/x.json 3', 'c/{a|b}/x.json 2'],
    ],
    [
      'letters up to f alone, which are words',
      Array.from('abcdefABCDEF').map((letter) => `c/${letter}/x.json`),
      ['c/{text}/x.json 12'],
    ],
    [
      'few folders of two digits, of which some have a letter, which are no shards yet',
      ['c4', 'b2', '12', '34'].map((folder) => `c/${folder}/x.json`),
      ['c/{n:2}/x.json 2', 'c/{hash:2}/x.json 2'],
    ],
    [
      'days of a month beside shards under other names',
      [
        ...daysFrom('2019-07-01', 62).map(([y, m, d]) => `c-${y}-${m}/${d}/x.json`),
        ...numbersTo(30).map((n) => `c-2019-0${String(7 + (n % 2))}/${hexDigits(n, 2)}/y.csv`),
      ],
      ['c-{yyyy}-{MM}/{dd}/x.json 62', 'c-{yyyy}-{MM}/{hash:2}/y.csv 30'],
    ],
    [
      'shards that all look like days, where most others do not',
      daysFrom('2019-07-01', 62).flatMap(([y, m, d], n) => [
        ...[1, 2].map((k) => `c-${y}-${m}/${String.fromCharCode(97 + (n % 6))}${String((n + k) % 10)}/x.json`),
        ...(n % 16 === 0 ? [`c-${y}-${m}/${d}/y.csv`] : []),
      ]),
      ['c-{yyyy}-{MM}/{hash:2}/x.json 124', 'c-{yyyy}-{MM}/{hash:2}/y.csv 4'],
    ],
    [
      'numbers beside a few hashes, which are too many for hashes without a letter',
      [...numbersTo(200).map((n) => `c/${String(3000 + n * 7)}/a`), 'c/ab12/a', 'c/3f9c/a', 'c/9bcd/a'],
      ['c/{n:4}/a 200', 'c/{hash:4}/a 3'],
    ],
    [
      'few hashes, of which some have no letter',
      ['ab12', '3f9c', '1234', '5678'].map((folder) => `c/${folder}/a`),
      ['c/{hash:4}/a 4'],
    ],
    [
      'numbers as long as the hashes under other names',
      [
        ...numbersTo(20).map((n) => `c/${hexDigits(n, 4)}/a.json`),
        ...numbersTo(10).map((n) => `c/${String(1000 + n * 777)}/b.csv`),
      ],
      ['c/{hash:4}/a.json 20', 'c/{n:4}/b.csv 10'],
    ],
    [
      'words beside many hashes, which are something else',
      [...numbersTo(20).map((n) => `c/${hexDigits(n, 4)}/x`), 'c/orders/x', 'c/web-shop/x'],
      ['c/{hash:4}/x 20', 'c/{orders|web-shop}/x 2'],
    ],
    [
      'first letters, which are words',
      Array.from('0123456789abcdefghijklmnopqrstuvwxyz').map((letter) => `c/${letter}/x.json`),
      ['c/{text}/x.json 36'],
    ],
    [
      'words with a number, which are one word unless the word is always the same',
      ['acme-1', 'acme-12', 'birch-3', 'cask-7b', 'dune'].flatMap((tenant, n) => [
        `c/${tenant}/x.json`,
        `c/tenant-${String(n)}/x.csv`,
      ]),
      ['c/{text}/x.json 5', 'c/tenant-{n}/x.csv 5'],
    ],
    [
      'dates whose year is the last field, or has two digits',
      days.flatMap(([y, m, d]) => [
        `c/${d}-${m}-${y}/x.gz`,
        `c/${m}-${d}-${y}/x.bz2`,
        `c/${d}${m}${y}.gz`,
        `c/x_${y.slice(2)}${m}${d}.gz`,
        `c/${d}.${m}.${y}/${pad(Number(d) % 24, 2)}/x.gz`,
        `c/${m}-${y}/x-${d}.gz`,
      ]),
      [
        'c/{MM}-{dd}-{yyyy}/x.bz2 20',
        'c/{dd}-{MM}-{yyyy}/x.gz 20',
        'c/{MM}-{yyyy}/x-{n:2}.gz 20',
        'c/{dd}.{MM}.{yyyy}/{HH}/x.gz 20',
        'c/{ddMMyyyy}.gz 20',
        'c/x_{yyMMdd}.gz 20',
      ],
    ],
    [
      'six digits that are a month in all names, even if they could be a day',
      numbersTo(36).map((n) => `c/${String(2010 + Math.floor(n / 12))}${pad((n % 12) + 1, 2)}/x.gz`),
      ['c/{yyyyMM}/x.gz 36'],
    ],
    [
      'days of both orders, which are taken for those with the day first',
      daysFrom('2019-07-01', 12).flatMap(([y, m, d]) => [`c/${d}-${m}-${y}/x.gz`, `c/${d}${m}${y}.csv`]),
      ['c/{dd}-{MM}-{yyyy}/x.gz 12', 'c/{ddMMyyyy}.csv 12'],
    ],
    [
      'numbers before a date with the year first, which could be the beginning of one with the year last',
      days.map(([y, m, d], n) => `c/job-${pad((n % 12) + 1, 2)}-${pad((n % 7) + 1, 2)}-${y}/${m}/${d}/x.gz`),
      ['c/job-{n:2}-{n:2}-{yyyy}/{MM}/{dd}/x.gz 20'],
    ],
    [
      'months that come first, with the day or without it',
      days.flatMap(([y, m, d]) => [`c/${m}${d}${y}.csv`, `c/${m}${y}/x-${d}.gz`]),
      ['c/{MMddyyyy}.csv 20', 'c/{MMyyyy}/x-{n:2}.gz 20'],
    ],
    [
      'six digits whose years are too far ahead, which are numbers',
      numbersTo(25).map((n) => `c/${pad(60 + n, 2)}0703/x.gz`),
      ['c/{n:6}/x.gz 25'],
    ],
    [
      'a month with its year, and a number after it',
      days.flatMap(([y, m, d]) => [`c/${m}-${y}/${d}-x.gz`]),
      ['c/{MM}-{yyyy}/{n:2}-x.gz 20'],
    ],
    [
      'dates by their keys, and none by other keys',
      days.flatMap(([y, m, d]) => [`c/day=${d}/month=${m}/year=${y}/x.gz`, `c/part=${d}/shard=${m}/rev=${y}/x.csv`]),
      ['c/day={dd}/month={MM}/year={yyyy}/x.gz 20', 'c/part={n:2}/shard={n:2}/rev={n:4}/x.csv 20'],
    ],
    [
      'dates in a folder with a word, which stay dates',
      days.map(([y, m, d], n) => `c/${y}-${m}-${d}-${n % 2 === 0 ? 'eu' : 'us'}/x.gz`),
      ['c/{yyyy}-{MM}-{dd}-{eu|us}/x.gz 20'],
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

  it('say of a date whose year comes last, or has two digits, which days occur', () => {
    const missing = {
      first: '2020-02-27',
      last: '2020-03-02',
      precision: 'day',
      missing: 1,
      firstMissing: ['2020-03-01'],
    };
    const names = daysFrom('2020-02-27', 5).filter(([, , d]) => d !== '01');
    for (const text of [
      ([y, m, d]: readonly string[]) => `c/${d!}-${m!}-${y!}/x.gz`,
      ([y, m, d]: readonly string[]) => `c/${y!.slice(2)}${m!}${d!}/x.gz`,
    ]) {
      expect(findShapes(tableOf(names.map(text)))[0]?.dates).toEqual(missing);
    }
  });

  it('tell whether two dates in a name are always the same', () => {
    const datesOf = (names: readonly string[]) =>
      findShapes(tableOf(names))[0]?.elements.flatMap((element) => (element.kind === 'date' ? [element.date] : []));
    const names = daysFrom('2019-07-25', 20).map(([y, m, d]) => [`c-${y}-${m}`, `${y}/${m}/${d}/x-${y}${m}${d}.gz`]);
    expect(datesOf(names.map((name) => name.join('/')))).toEqual([0, 0, 0, 0, 0, 0]);
    const late = names.map(([, name], n) => `${names[Math.min(n + 3, 19)]![0]!}/${name!}`);
    expect(datesOf(late)).toEqual([0, 0, 1, 1, 1, 2]);
  });

  it('of the demo are those of its scheme and of its strays', () => {
    const content = { seed: 1, units: 200, set: undefined };
    const units = numbersTo(200).map((index) => planDemoUnit(content, index));
    const blobs = units.flatMap((unit) => [...unit.blobs, ...planNeighbours(content, unit)]);
    const shapesOf = (account: string): readonly string[] => {
      const names = blobs.flatMap((blob) => (blob.account === account ? [`${blob.container}/${blob.name}`] : []));
      return findShapes(tableOf([...new Set(names)])).map(({ elements }) => shapeText(elements));
    };
    const folder = '{hash:2}/{text}/{yyyy}/{MM}/{dd}';
    expect(shapesOf('east')[0]).toBe(`events-{yyyy}-{MM}/${folder}/{ap|eu|us}-{n:5}.json.bz2`);
    expect(shapesOf('east')).toHaveLength(5);
    expect(shapesOf('late')).toEqual([
      `late-{yyyy}/${folder}/{ap|eu|us}-{n:5}.json.bz2`,
      `late-{yyyy}/${folder}/{ap|eu|us}-{n:5}.json.bz2.tmp`,
    ]);
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
