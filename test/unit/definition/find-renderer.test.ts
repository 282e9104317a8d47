import { describe, expect, it } from 'vitest';
import { createFindRenderer } from '../../../src/definition/find/find-renderer.js';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import type { UnitFields } from '../../../src/domain/unit.js';
import type { FindRenderer } from '../../../src/domain/rendered-find.js';
import { exampleWith } from './example-file.js';

describe('a lookup', () => {
  it('is repeated for every combination in order, the last variable fastest, and knows its position', () => {
    const lookups = rendererFor(`
      day: "09..10"
      region: "{{ regions | split: '|' }}"`).lookups(unit({ regions: 'eu|us' }));
    expect(
      lookups.map(({ lookup, combination, find }) => [lookup, combination, find.kind === 'prefix' && find.prefix]),
    ).toEqual([
      [0, 0, 'acme/2019-07/09/eu'],
      [0, 1, 'acme/2019-07/09/us'],
      [0, 2, 'acme/2019-07/10/eu'],
      [0, 3, 'acme/2019-07/10/us'],
    ]);
  });

  it.each([
    ['"01..03"', ['01', '02', '03']],
    ['"8..11"', ['8', '9', '10', '11']],
    ['[b, a]', ['b', 'a']],
    ['"{{ days | split: \'|\' }}"', ['30', '31']],
    ['"{{ none | split: \'|\' }}"', []],
    ['{ from: "{{ month }}-30", days: 3 }', ['2019-07-30', '2019-07-31', '2019-08-01']],
    ['{ from: "{{ month }}-30", to: "{{ month }}" }', ['2019-07-30', '2019-07-31']],
    ['{ from: 2019-11, to: 2020-02, step: 1mo }', ['2019-11', '2019-12', '2020-01', '2020-02']],
    ['{ from: 2019-12-31, to: 2020-03, step: 1mo }', ['2019-12-31', '2020-01-31', '2020-02-29', '2020-03-31']],
    ['{ from: 2020-02-28, to: 2020-03-01 }', ['2020-02-28', '2020-02-29', '2020-03-01']],
    // Clocks change in New York that night.
    [
      '{ from: 2020-03-08T01:00:00, to: 2020-03-08T04:00:00, step: 1h }',
      ['2020-03-08T01:00:00Z', '2020-03-08T02:00:00Z', '2020-03-08T03:00:00Z', '2020-03-08T04:00:00Z'],
    ],
  ])('takes the values of %s', (each, values) => {
    const fields = { days: '30|31', none: '' };
    const renderer = createFindRenderer(
      parseDefinition(lookupFile(`\n      region: ${each}`, '{{ region }}'), 'm.yaml'),
    );
    const prefixes = renderer.lookups(unit(fields)).map(({ find }) => (find.kind === 'prefix' ? find.prefix : ''));
    expect(prefixes).toEqual(values);
  });

  it('has all 24 hours of a day that ends the dates', () => {
    const each = '\n      region: { from: 2020-03-08, to: 2020-03-08, step: 1h }';
    expect(rendererFor(each).lookups(unit({}))).toHaveLength(24);
  });

  it('lets a variable see those before it', () => {
    const lookups = rendererFor(`
      m: ["2019-02", "2020-02"]
      region: { from: "{{ m }}-28", to: "{{ m }}" }`).lookups(unit({}));
    expect(lookups.map(({ find }) => (find.kind === 'prefix' ? find.prefix.slice(-10) : ''))).toEqual([
      '2019-02-28',
      '2020-02-28',
      '2020-02-29',
    ]);
  });

  it.each([
    ['**/*.json.bz2', 'a.json.bz2', true],
    ['**/*.json.bz2', 'x/y/a.json.bz2', true],
    ['**/*.json.bz2', 'x/y/a.json.bz2.tmp', false],
    ['*.json.bz2', 'x/a.json.bz2', false],
    ['*.json.bz2', '.hidden.json.bz2', true],
    ['{eu,us}-[0-9]*.bz2', 'us-00001.bz2', true],
    ['!a*', '!a1', true],
    ['!a*', 'b', false],
    ['*', '', false],
    ['*', 'A', true],
    ['a', 'A', false],
    ['?', '💥', true],
    ['a*', 'a\nb', true],
  ])('matches by the glob %s the rest %j: %s', (match, rest, matches) => {
    const definition = parseDefinition(exampleWith('"**/*.json.bz2"', JSON.stringify(match)), 'm.yaml');
    const find = createFindRenderer(definition).lookups(unit({}))[0]?.find;
    if (find?.kind !== 'prefix') throw new Error('the example has a prefix');
    expect(find.matches(`${find.prefix}${rest}`)).toBe(matches);
    expect(find.matches(`other/${rest}`)).toBe(false);
  });

  it('matches by a regular expression on what follows the prefix', () => {
    const text = exampleWith('match: "**/*.json.bz2"', String.raw`regex: '^\d{4}\.json\.bz2$'`);
    const find = createFindRenderer(parseDefinition(text, 'm.yaml')).lookups(unit({}))[0]?.find;
    if (find?.kind !== 'prefix') throw new Error('the example has a prefix');
    expect(find.matches(`${find.prefix}0001.json.bz2`)).toBe(true);
    expect(find.matches(`${find.prefix}x/0001.json.bz2`)).toBe(false);
  });

  it('takes everything below the prefix, including the prefix itself, by default', () => {
    const find = createFindRenderer(parseDefinition(exampleWith('    match: "**/*.json.bz2"\n', ''), 'm.yaml')).lookups(
      unit({}),
    )[0]?.find;
    expect(find?.kind === 'prefix' && find.matches(find.prefix)).toBe(true);
  });

  it('can name a blob exactly, and be optional', () => {
    const text = exampleWith('prefix: "{{ tenant }}/{{ month }}/{{ day }}/"', 'blob: "{{ tenant }}.bz2"')
      .replace('    match: "**/*.json.bz2"\n', '    optional: true\n')
      .replace('    each:\n      day: "01..31"\n', '');
    expect(createFindRenderer(parseDefinition(text, 'm.yaml')).lookups(unit({}))).toEqual([
      {
        lookup: 0,
        combination: 0,
        account: 'east',
        container: 'events-2019',
        optional: true,
        find: { kind: 'blob', name: 'acme.bz2' },
      },
    ]);
  });

  it.each([
    [
      'account: east',
      'account: "{{ region }}"',
      'unit "acme/2019-07": find[0].account renders "eu", which is not one of the accounts (east)',
    ],
    [
      'container: "events-{{ month | slice: 0, 4 }}"',
      'container: "Events"',
      'find[0].container renders "Events", which is not the name of a container',
    ],
    [
      'day: "01..31"',
      'day: "{{ region }}"',
      "find[0].each.day: {{ region }} is not a list; split it: {{ regions | split: '|' }}",
    ],
    ['day: "01..31"', 'day: { from: "{{ region }}", days: 2 }', 'find[0].each.day: "eu" is not a date'],
    [
      'day: "01..31"',
      'day: { from: 2020, to: 2019 }',
      'find[0].each.day: the dates end (2019) before they begin (2020)',
    ],
    ['day: "01..31"', 'day: { from: 2020, days: "x" }', 'find[0].each.day: days: "x" is not a whole number'],
    [
      'day: "01..31"',
      'day: "001..400"\n      b: "001..400"',
      'find[0].each has more than 100000 combinations; split the unit',
    ],
    [
      'day: "01..31"',
      'day: { from: 1900, to: 2020, step: 1h }',
      'find[0].each has more than 100000 combinations; split the unit',
    ],
    ['prefix: "{{ tenant', 'prefix: "{{ nope', 'find[0].prefix: unknown variable "nope"'],
  ])('fails with ConfigError, and already at the check, where %s is %s', (text, replacement, message) => {
    const renderer = createFindRenderer(parseDefinition(exampleWith(text, replacement), 'm.yaml'));
    const failure = expect.objectContaining({ failureClass: 'ConfigError', message: expect.stringContaining(message) });
    expect(() => renderer.lookups(unit({ region: 'eu' }))).toThrow(failure);
    expect(() => renderer.check(unit({ region: 'eu' }))).toThrow(failure);
  });

  it('is counted with all others before any is made: three lookups of 40,000 combinations are refused', () => {
    const lookup = (container: string): string =>
      `  - { account: east, container: ${container}, prefix: "{{ a }}", each: { a: "1..200", b: "1..200" } }\n`;
    const text = exampleWith('find:\n', `find:\n${['aaa', 'bbb', 'ccc'].map(lookup).join('')}`);
    const renderer = createFindRenderer(parseDefinition(text, 'm.yaml'));
    const message = 'find has more than 100000 lookups, with all combinations of each; split the unit';
    expect(() => renderer.lookups(unit({}))).toThrow(message);
    expect(() => renderer.check(unit({}))).toThrow(message);
  });

  it.each([
    ['a: "1..99999"\n      b: "1..99999"\n      c: "1..99999"', true],
    ['a: { from: 1900, to: 2200, step: 1h }', true],
    ['a: "1..99999"\n      b: { from: "{{ a }}", to: 2200, step: 1mo }', false],
    ['a: "1..300"\n      b: "1..300"\n      c: "{{ b | append: a | split: \'|\' }}"\n      d: [x, y]', true],
    ['a: "1..90000"\n      b: "1..90000"\n      c: "{{ a | remove: a | split: \'|\' }}"', true],
  ])('is refused quickly when its combinations are many: %j', (each, isCounted) => {
    const renderer = createFindRenderer(
      parseDefinition(exampleWith('day: "01..31"', `day: [x]\n      ${each}`), 'm.yaml'),
    );
    expect(() => renderer.check(unit({}))).toThrow(
      isCounted
        ? 'find[0].each has more than 100000 combinations; split the unit'
        : 'find[0].each.b: "1" is not a date',
    );
  });

  it('has no combination when a variable has no value, however many the others have', () => {
    const each = 'a: "1..90000"\n      b: "1..90000"\n      c: "{{ none | split: \'|\' }}"';
    const renderer = createFindRenderer(
      parseDefinition(exampleWith('day: "01..31"', `day: [x]\n      ${each}`), 'm.yaml'),
    );
    expect(renderer.lookups(unit({ none: '' }))).toEqual([]);
  });

  it('is checked for every account that its combinations name', () => {
    const text = exampleWith('account: east', `account: "{% if r == 'z' %}moon{% else %}east{% endif %}"`).replace(
      '      day: "01..31"\n',
      '      day: "01..31"\n      r: [a, z]\n',
    );
    const renderer = createFindRenderer(parseDefinition(text, 'm.yaml'));
    expect(() => renderer.check(unit({}))).toThrow('find[0].account renders "moon"');
  });
});

describe('what a unit must hold', () => {
  it('is rendered to numbers', () => {
    const text = exampleWith(
      'name: orders',
      `name: orders\nexpect: { min: "{{ parts }}", max: 5, sequence: '-(\\d+)$' }`,
    );
    const renderer: FindRenderer = createFindRenderer(parseDefinition(text, 'm.yaml'));
    const { sequence, ...counts } = renderer.expect(unit({ parts: '3' }));
    expect(counts).toEqual({ min: 3, max: 5 });
    expect([sequence?.('p-07'), sequence?.('p'), sequence?.('p-1-12')]).toEqual(['07', undefined, '12']);
    expect(() => renderer.expect(unit({ parts: 'x' }))).toThrow('expect.min: "x" is not a number of blobs');
  });
});

function unit(fields: UnitFields) {
  return { index: 0, id: 'acme/2019-07', key: 'k', fields: { tenant: 'acme', month: '2019-07', ...fields } };
}

function rendererFor(each: string): FindRenderer {
  return createFindRenderer(
    parseDefinition(lookupFile(each, '{{ tenant }}/{{ month }}/{{ day }}/{{ region }}'), 'm.yaml'),
  );
}

function lookupFile(each: string, prefix: string): string {
  const known = each.includes('day:') ? prefix : prefix.replace('{{ day }}/', '');
  return exampleWith('\n      day: "01..31"', each).replace('{{ tenant }}/{{ month }}/{{ day }}/', () => known);
}
