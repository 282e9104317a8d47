import { describe, expect, it } from 'vitest';
import { compileTemplate, compileValue } from '../../../src/definition/templates/compile-template.js';

const context = {
  tenant: 'acme-1',
  month: '2019-07',
  count: '41',
  md5: '60b725f10c9c85c70d97880dfe8191b3',
  unit: { id: 'acme-1/2019-07', index: 7 },
};

const tooMuch = 'it makes too much text, or its loops take too many steps';

describe('a template', () => {
  it.each([
    ['plain text', 'plain text'],
    ['{{ tenant }}/{{ month }}', 'acme-1/2019-07'],
    ['{{ unit.id }}:{{ unit.index }}', 'acme-1/2019-07:7'],
    ["{% if tenant == 'acme-1' %}west{% else %}east{% endif %}", 'west'],
    ['events-{{ month | slice: 0, 4 }}', 'events-2019'],
    ['{{ month | slice: -2, 2 }}', '07'],
    ["{{ tenant | hash: 'md5' }}", 'bdcea3c0c2c8c7386154f108d4bdef10'],
    ["{{ 'a' | hash: 'sha1' }}", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
    ["{{ '' | hash: 'sha256' | slice: 0, 8 }}", 'e3b0c442'],
    ["{{ '123456789' | hash: 'crc32' }}", 'cbf43926'],
    ["{{ 'codding' | hash: 'crc32' | size }}", '8'],
    ['{{ count | mod: 8 }}', '1'],
    ['{{ unit.index | mod: 4 }}', '3'],
    ['{{ -1 | mod: 4 }}', '3'],
    ['{{ md5 | mod: 1000 }}', String(BigInt('0x60b725f10c9c85c70d97880dfe8191b3') % 1000n)],
    ["{{ '' | hash: 'md5' | slice: 0, 2 | mod: 256 }}", String(0xd4)],
    ['{{ 7 | pad: 2 }}{{ count | pad: 4 }}', '070041'],
    ['{{ month | days_in_month }}', '31'],
    ["{{ '2020-02-10' | days_in_month }}", '29'],
    ["{{ month | date: '%Y/%m' }}", '2019/07'],
    ["{{ '2019-07-03T04:05:06' | date: '%d %-d %e %H %j %y %b %A %s' }}", '03 3  3 04 184 19 Jul Wednesday 1562126706'],
    ["{{ '2019-07-03 23:30:00+02:00' | date: '%F %T %z' }}", '2019-07-03 21:30:00 +0000'],
    // Clocks change there in New York, at this time of the night.
    ["{{ '2020-03-08T02:30:00' | date: '%H:%M' }}", '02:30'],
    // Digits are what their number says, never seconds since 1970.
    ["{{ '2019' | date: '%F %R' }}", '2019-01-01 00:00'],
    ["{{ '201907' | date: '%F %R' }}", '2019-07-01 00:00'],
    ["{{ '20190703' | date: '%F %R' }}", '2019-07-03 00:00'],
    ["{{ '2019070304' | date: '%F %R' }}", '2019-07-03 04:00'],
    ["{{ '2019070305' | date: '%F %R' }}", '2019-07-03 05:00'],
    ["{{ '201907030405' | date: '%F %R' }}", '2019-07-03 04:05'],
    ['{{ 2019070304 | date: "%F %R" }}', '2019-07-03 04:00'],
    ["{{ '2020021005' | days_in_month }}", '29'],
    ["{% assign h = tenant | hash: 'md5' %}{% if h == 'bdcea3c0c2c8c7386154f108d4bdef10' %}same{% endif %}", 'same'],
  ])('renders %s', (text, rendered) => {
    expect(compileTemplate(text).render(context)).toBe(rendered);
  });

  it.each<readonly [text: string, message: string]>([
    ['{{ nope }}', 'unknown variable "nope"'],
    ['{{ tenant.constructor }}', 'unknown variable "tenant.constructor"'],
    ["{{ tenant | hash: 'md4' }}", 'hash: unknown algorithm "md4"'],
    ['{{ tenant | mod: 4 }}', 'mod: "acme-1" is neither a whole number nor a hash'],
    ['{{ count | mod: 0 }}', 'mod: the divisor is not a whole number above 0'],
    ['{{ count | pad: 1000 }}', 'pad: the width is not a number from 1 to 255'],
    ["{{ 'now' | date: '%F' }}", '"now" is not a date'],
    ["{{ tenant | date: '%F' }}", '"acme-1" is not a date'],
    ...['86400', '201', '20190', '2019070', '201907030', '20190703040', '1562126706000', '20190703040506'].map(
      (digits) => [`{{ '${digits}' | date: '%F' }}`, `"${digits}" is not a date`] as const,
    ),
    ["{{ 86400 | date: '%F' }}", '"86400" is not a date'],
    ["{{ '2019070324' | date: '%F' }}", '"2019070324" is not a date'],
    ["{{ '201913' | date: '%F' }}", '"201913" is not a date'],
    ["{{ '1899' | date: '%F' }}", '"1899" is not in a year from 1900 to 2200'],
    ["{{ '2201-01-01' | date: '%F' }}", '"2201-01-01" is not in a year from 1900 to 2200'],
    ["{{ '+051471-01-01' | date: '%F' }}", '"+051471-01-01" is not in a year from 1900 to 2200'],
    ["{{ '12:30' | date: '%F' }}", '"12:30" is not a date'],
    ["{{ 'T04' | date: '%F' }}", '"T04" is not a date'],
    ["{{ month | date: '%Q' }}", 'date: unknown directive "%Q"'],
    ['{{ month | date }}', 'date: there is no format'],
    ['{% for i in (1..10000000) %}x{% endfor %}', tooMuch],
    ['{% for i in (1..9999) %}{% for j in (1..9999) %}{{ j }}{% endfor %}{% endfor %}', tooMuch],
    // Ten billion steps that make nothing.
    [
      `{% assign l = '${'a,'.repeat(100)}' | split: ',' %}${'{% for a in l %}'.repeat(5)}${'{% endfor %}'.repeat(5)}`,
      tooMuch,
    ],
    [
      `{% for a in (1..9) %}${'{% for b in tenant %}'.repeat(3)}{{ a }}${'{% endfor %}'.repeat(3)}{% endfor %}{{ no }}`,
      'unknown variable "no"',
    ],
  ])('does not render %s', (text, message) => {
    const template = compileTemplate(text);
    expect(() => template.render(context)).toThrow(message);
  });

  it.each<readonly [text: string, message: string, offset: number]>([
    ['{{ tenant | sample }}', 'unknown filter "sample"', 12],
    ["{% render 'a' %}", 'unknown tag "render"', 0],
    ['{% tablerow a in b %}{% endtablerow %}', 'unknown tag "tablerow"', 0],
    ['{% if a %}{{ b | nope }}{% endif %}', 'unknown filter "nope"', 17],
    ['{% for x in list %}{{ a b }}{% endfor %}', 'two values stand side by side', 24],
    ['{% if a b %}{% endif %}', 'two values stand side by side', 8],
    ...['empty', 'blank', 'nil', 'null', 'true', 'false', 'and', 'or', 'not', 'contains'].map(
      (word) => [`x{{ ${word} }}`, `"${word}" is a word of the template language`, 4] as const,
    ),
    ['{% if a %}{{ empty | upcase }}{% endif %}', '"empty" is a word of the template language', 13],
  ])('is refused before anything runs: %s', (text, message, offset) => {
    expect(() => compileTemplate(text)).toThrow(expect.objectContaining({ message, offset }));
  });

  it('is refused when it is too long, or nested too deeply', () => {
    const nested = (depth: number): string => `${'{% if a %}'.repeat(depth)}${'{% endif %}'.repeat(depth)}`;
    expect(() => compileTemplate(nested(5_000))).toThrow('the template is too long');
    expect(() => compileTemplate(nested(3_000))).toThrow('it is nested too deeply');
  });

  it('hands a hash of only decimal digits to mod as a hash', () => {
    // The only digits of this CRC are decimal.
    const text = '2';
    const digits = compileTemplate("{{ x | hash: 'crc32' }}").render({ x: text });
    const number = Array.from({ length: 400 }, (_, candidate) => String(candidate)).find((candidate) =>
      /^\d+$/.test(compileTemplate("{{ x | hash: 'crc32' }}").render({ x: candidate })),
    );
    expect(digits).toHaveLength(8);
    const hex = compileTemplate("{{ x | hash: 'crc32' }}").render({ x: number });
    const left = compileTemplate("{{ x | hash: 'crc32' | mod: 1000 }}").render({ x: number });
    expect(left).toBe(String(Number.parseInt(hex, 16) % 1000));
    expect(left).not.toBe(String(Number.parseInt(hex, 10) % 1000));
  });

  it('names what it needs from outside on every branch, each once', () => {
    const { variables } = compileTemplate(
      "{% if region == 'eu' %}{{ west }}{% else %}{{ unit.id }}{% endif %}{% assign a = region %}{{ a }}\n{{ later }}",
    );
    expect(variables.map(({ name, offset }) => [name, offset])).toEqual([
      ['region', 6],
      ['west', 26],
      ['unit.id', 46],
      ['later', 101],
    ]);
  });

  it('returns a value where a list is wanted', () => {
    expect(compileValue("{{ x | split: '|' }}").evaluate({ x: 'a|b' })).toEqual(['a', 'b']);
    expect(compileValue("{{ x | split: '|' }}").evaluate({ x: '' })).toEqual([]);
  });
});
