import { describe, expect, it } from 'vitest';
import { findShapes } from '../../../src/shapes/find-shapes.js';
import { proposeFind, type FindProposal } from '../../../src/shapes/proposal/propose-find.js';
import { unitChoice, type UnitPeriod } from '../../../src/shapes/proposal/unit-choice.js';
import { unitFields } from '../../../src/shapes/proposal/unit-fields.js';
import { daysFrom, hexDigits, numbersTo, tableOf } from '../../support/migrations/listed-names.js';

const days = daysFrom('2019-12-25', 20);
const tenants = ['acme', 'birch', 'cask', 'dune', 'elm', 'fern', 'gorse', 'heath', 'iris', 'jay', 'kite', 'lark'];
const pad = (number: number, width: number): string => String(number).padStart(width, '0');

/** Proposes a lookup for the largest shape of these names, and reads the unit of the first of them. */
function proposed(names: readonly string[], period?: UnitPeriod, isBlob = false) {
  const [shape, ...others] = findShapes(tableOf(names));
  if (shape === undefined) throw new Error('no shape');
  const proposal = proposeFind(shape, others, unitChoice(period, isBlob));
  return { ...proposal, fields: proposal.units && unitFields(proposal.units)(names[0] ?? '') };
}

type Wanted = Partial<FindProposal> & { readonly fields?: Readonly<Record<string, string>> };
const digits = Array.from('0123456789abcdef');

describe('a shard of hexadecimal digits', () => {
  it.each<[string, readonly string[], Wanted]>([
    [
      'before a word is a column',
      tenants.flatMap((tenant, n) =>
        [1, 2, 3].map((part) => `events/${hexDigits(n, 2)}/${tenant}/${String(part)}.csv`),
      ),
      {
        ...{ columns: ['hash', 'folder'], prefix: '{{ hash }}/{{ folder }}/', each: {} },
        fields: { hash: '9e', folder: 'acme' },
      },
    ],
    [
      'before a word and a date is a column',
      tenants.flatMap((tenant, n) =>
        days.map(([y, m, d]) => `events/${hexDigits(n, 2)}/${tenant}/${y}/${m}/${d}/x.gz`),
      ),
      {
        ...{ columns: ['hash', 'folder', 'date'], each: {}, optional: false },
        blob: "{{ hash }}/{{ folder }}/{{ date | date: '%Y/%m/%d' }}/x.gz",
      },
    ],
    [
      'after a date and before a word is a column',
      digits.flatMap((shard, n) => days.map(([y, m, d]) => `events/${y}/${m}/${d}/${shard}/${tenants[n % 12]!}/x.gz`)),
      { columns: ['date', 'hash', 'folder'], each: {} },
    ],
    [
      'before a date repeats the lookup of each unit',
      digits.flatMap((shard) => days.map(([y, m, d]) => `events/${shard}/${y}/${m}/${d}/x.gz`)),
      {
        ...{ columns: ['date'], blob: "{{ hash }}/{{ date | date: '%Y/%m/%d' }}/x.gz" },
        ...{ each: { hash: { kind: 'list', values: digits } }, optional: true },
      },
    ],
    [
      'after a date is a part of the unit',
      digits.flatMap((shard) => days.map(([y, m, d]) => `events/${y}/${m}/${d}/${shard}/x.gz`)),
      { columns: ['date'], prefix: "{{ date | date: '%Y/%m/%d' }}/", match: '*/x.gz', each: {} },
    ],
    [
      'that nothing but numbers follow is the unit',
      digits.flatMap((shard) => [1, 2, 3].map((part) => `events/${shard}/${String(part)}.csv`)),
      { columns: ['hash'], prefix: '{{ hash }}/', each: {}, fields: { hash: '0' } },
    ],
    [
      'of which there are more than 64 is a column even before a date',
      numbersTo(400).flatMap((n) => days.slice(0, 2).map(([y, m, d]) => `c/${hexDigits(n, 3)}/${y}/${m}/${d}/x.gz`)),
      { columns: ['hash', 'date'], each: {} },
    ],
  ])('%s', (_, names, wanted) => {
    expect(proposed(names)).toMatchObject(wanted);
  });
});

describe('numbers before a date', () => {
  const partitions = (count: number): readonly string[] =>
    numbersTo(count).flatMap((n) => days.slice(0, 2).map(([y, m, d]) => `events/${String(n)}/${y}/${m}/${d}/x.gz`));

  it('repeat the lookup as long as there are at most 64, and are a column then', () => {
    const each = { number: { kind: 'range', from: '0', to: '63' } };
    expect(proposed(partitions(64))).toMatchObject({ columns: ['date'], each, optional: true });
    expect(proposed(partitions(65))).toMatchObject({ columns: ['number', 'date'], each: {} });
  });
});

describe('a date in another order', () => {
  const forms: readonly [string, (y: string, m: string, d: string) => string, string, string][] = [
    ['05-07-2019', (y, m, d) => `${d}-${m}-${y}`, '%d-%m-%Y', "{{ day }}-{{ month | date: '%m-%Y' }}"],
    [
      '07-05-2019',
      (y, m, d) => `${m}-${d}-${y}`,
      '%m-%d-%Y',
      "{{ month | date: '%m' }}-{{ day }}-{{ month | date: '%Y' }}",
    ],
    ['05072019', (y, m, d) => `${d}${m}${y}`, '%d%m%Y', "{{ day }}{{ month | date: '%m%Y' }}"],
    ['07052019', (y, m, d) => `${m}${d}${y}`, '%m%d%Y', "{{ month | date: '%m' }}{{ day }}{{ month | date: '%Y' }}"],
    ['5.7.2019', (y, m, d) => `${String(Number(d))}.${String(Number(m))}.${y}`, '%-d.%-m.%Y', ''],
    ['190705', (y, m, d) => `${y.slice(2)}${m}${d}`, '%y%m%d', ''],
  ];
  const namesOf = (form: (y: string, m: string, d: string) => string): readonly string[] =>
    days.flatMap(([y, m, d]) => [0, 1].map((part) => `events/${form(y, m, d)}/${String(part)}.csv`));

  it.each(forms)('as %s is one column, whose values have the year first', (_, form, format) => {
    expect(proposed(namesOf(form))).toMatchObject({
      ...{ columns: ['date'], prefix: `{{ date | date: '${format}' }}/`, each: {} },
      fields: { date: '2019-12-25' },
    });
  });

  it.each(forms.filter(([, , , month]) => month !== ''))(
    'as %s repeats the lookup of a month for each of its days',
    (_, form, _format, prefix) => {
      const each = { day: { kind: 'list', values: [...new Set(days.map(([, , d]) => d))].sort() } };
      expect(proposed(namesOf(form), 'month')).toMatchObject({
        ...{ columns: ['month'], prefix: `${prefix}/`, each },
        fields: { month: '2019-12' },
      });
    },
  );

  it('repeats it for all days where too many dates were seen to know them all', () => {
    const names = daysFrom('2018-01-01', 400).map(([y, m, d]) => `events/${d}${m}${y}/x.csv`);
    expect(proposed(names, 'month')).toMatchObject({
      ...{ columns: ['month'], each: { day: { kind: 'range', from: '01', to: '31' } }, optional: true },
    });
  });
});

describe('the time that a unit covers', () => {
  const hours = days.flatMap(([y, m, d]) =>
    numbersTo(24).flatMap((hour) =>
      [0, 1].map((part) => `events/${y}/${m}/${d}/${pad(hour, 2)}/part-${String(part)}.csv`),
    ),
  );
  const dates = (column: string, step: '1mo' | '1d' | '1h') => ({
    ...{ columns: ['first', 'last'], units: null },
    each: { [column]: { kind: 'dates' as const, from: '{{ first }}', to: '{{ last }}', step } },
  });

  it.each<[UnitPeriod | undefined, Wanted]>([
    [undefined, { columns: ['date'], period: 'day', prefix: "{{ date | date: '%Y/%m/%d' }}/", match: '*/part-*.csv' }],
    ['year', { columns: ['year'], period: 'year', prefix: "{{ year | date: '%Y' }}/", match: '*/*/*/part-*.csv' }],
    ['month', { columns: ['month'], period: 'month', prefix: "{{ month | date: '%Y/%m' }}/" }],
    ['day', { columns: ['date'], period: 'day', prefix: "{{ date | date: '%Y/%m/%d' }}/" }],
    ['hour', { columns: ['time'], period: 'hour', prefix: "{{ time | date: '%Y/%m/%d/%H' }}/", match: 'part-*.csv' }],
    // No finer than the names are.
    ['minute', { columns: ['time'], period: 'hour', prefix: "{{ time | date: '%Y/%m/%d/%H' }}/" }],
    ['all', { columns: ['container'], period: null, container: '{{ container }}', prefix: '' }],
    ['span', { ...dates('time', '1h'), prefix: "{{ time | date: '%Y/%m/%d/%H' }}/" }],
  ])('is what --period says: %s', (period, wanted) => {
    expect(proposed(hours, period)).toMatchObject(wanted);
  });

  it('of a span has the steps of the names', () => {
    const byDay = days.map(([y, m, d]) => `events/${y}-${m}-${d}/x.csv`);
    expect(proposed(byDay, 'span')).toMatchObject(dates('date', '1d'));
    const byMonth = daysFrom('2018-01-01', 800).flatMap(([y, m, d]) => (d === '01' ? [`events/${y}-${m}/x.csv`] : []));
    expect(proposed(byMonth, 'span')).toMatchObject(dates('month', '1mo'));
    const byYear = numbersTo(5).map((n) => `events/${String(2015 + n)}/x.csv`);
    // There is no step of a year.
    expect(proposed(byYear, 'span')).toMatchObject({ columns: ['year'], each: {} });
  });

  it('of a span over containers allows for those that are missing', () => {
    const names = daysFrom('2018-01-01', 90).map(([y, m, d]) => `events-${y}-${m}/acme/${d}.csv`);
    expect(proposed(names, 'span')).toMatchObject({ ...dates('month', '1mo'), optional: true });
    expect(proposed(names, 'month')).toMatchObject({ columns: ['month'], optional: false });
  });

  it('is that of the blob where blobs cannot be joined, whatever --period says', () => {
    expect(proposed(hours, 'month', true)).toMatchObject({ columns: ['time', 'number'], period: 'hour' });
  });

  it('repeats the lookup for the hours of a day where a word comes after them, padded or not', () => {
    const named = (text: (hour: number) => string) =>
      tenants.flatMap((tenant) =>
        numbersTo(24).map((hour) => `events/2019/07/${pad((hour % 9) + 1, 2)}/${text(hour)}/${tenant}/x.csv`),
      );
    const range = (from: string) => ({
      columns: ['date', 'folder'],
      each: { hour: { kind: 'range', from, to: '23' } },
    });
    expect(proposed(named((hour) => pad(hour, 2)))).toMatchObject(range('00'));
    expect(proposed(named(String))).toMatchObject(range('0'));
  });
});
