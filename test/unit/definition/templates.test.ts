import { describe, expect, it } from 'vitest';
import { compileTemplate, compileValue } from '../../../src/definition/templates/compile-template.js';

const context = {
  tenant: 'acme-1',
  month: '2019-07',
  count: '41',
  md5: '60b725f10c9c85c70d97880dfe8191b3',
  unit: { id: 'acme-1/2019-07', index: 7 },
};

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
    ["{{ 86400 | date: '%F' }}", '1970-01-02'],
    ["{% assign h = tenant | hash: 'md5' %}{% if h == 'bdcea3c0c2c8c7386154f108d4bdef10' %}same{% endif %}", 'same'],
  ])('renders %s', (text, rendered) => {
    expect(compileTemplate(text).render(context)).toBe(rendered);
  });

  it.each([
    ['{{ nope }}', 'unknown variable "nope"'],
    ['{{ tenant.constructor }}', 'unknown variable "tenant.constructor"'],
    ["{{ tenant | hash: 'md4' }}", 'hash: unknown algorithm "md4"'],
    ['{{ tenant | mod: 4 }}', 'mod: "acme-1" is neither a whole number nor a hash'],
    ['{{ count | mod: 0 }}', 'mod: the divisor is not a whole number above 0'],
    ['{{ count | pad: 1000 }}', 'pad: the width is not a number from 1 to 255'],
    ["{{ 'now' | date: '%F' }}", '"now" is not a date'],
    ["{{ tenant | date: '%F' }}", '"acme-1" is not a date'],
    ["{{ month | date: '%Q' }}", 'date: unknown directive "%Q"'],
    ['{{ month | date }}', 'date: there is no format'],
    ['{% for i in (1..10000000) %}x{% endfor %}', 'memory alloc limit exceeded'],
    ['{% for i in (1..9999) %}{% for j in (1..9999) %}{{ j }}{% endfor %}{% endfor %}', 'memory alloc limit exceeded'],
  ])('does not render %s', (text, message) => {
    const template = compileTemplate(text);
    expect(() => template.render(context)).toThrow(message);
  });

  it.each([
    ['{{ tenant | sample }}', 'unknown filter "sample"', 12],
    ["{% render 'a' %}", 'unknown tag "render"', 0],
    ['{% if a %}{{ b | nope }}{% endif %}', 'unknown filter "nope"', 17],
    ['{% for x in list %}{{ a b }}{% endfor %}', 'two values stand side by side', 24],
    ['{% if a b %}{% endif %}', 'two values stand side by side', 8],
  ])('is refused before anything runs: %s', (text, message, offset) => {
    expect(() => compileTemplate(text)).toThrow(expect.objectContaining({ message, offset }));
  });

  it('gives a hash of decimal digits alone as a hash to mod', () => {
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

  it('gives a value where a list is wanted', () => {
    expect(compileValue("{{ x | split: '|' }}").evaluate({ x: 'a|b' })).toEqual(['a', 'b']);
    expect(compileValue("{{ x | split: '|' }}").evaluate({ x: '' })).toEqual([]);
  });
});
