import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/definition/definition-problems.js';
import { findTemplateProblems } from '../../../src/definition/find-template-problems.js';
import { parseDefinitionFile } from '../../../src/definition/parse-definition.js';
import { exampleFile, exampleWith } from './example-file.js';

const see = 'available: tenant, month';

describe('a template that names what no line has', () => {
  it.each([
    [
      exampleWith('{{ tenant }}/{{ month }}.json.gz', '{{ tenant }}/{{ mnth }}.json.gz'),
      [`m.yaml:19:32 target.key: template: unknown variable "mnth"; did you mean "month"? ${see}, unit.id, unit.index`],
    ],
    [
      exampleWith('id: "{{ tenant }}/{{ month }}"', 'id: "{{ unit.id }}"'),
      [`m.yaml:5:11 units.id: template: unknown variable "unit.id"; ${see}, unit.index`],
    ],
    [
      exampleWith('account: east', `account: "{% if tenant == 'x' %}{{ elsewhere }}{% else %}east{% endif %}"`),
      [`m.yaml:11:40 find[0].account: template: unknown variable "elsewhere"; ${see}, day, unit.id, unit.index`],
    ],
    [
      exampleWith('day: "01..31"', `day: "{{ days | split: '|' }}"\n      b: { from: "{{ day }}", days: "{{ b }}" }`),
      [
        `m.yaml:16:16 find[0].each.day: template: unknown variable "days"; ${see}, unit.id, unit.index`,
        `m.yaml:17:41 find[0].each.b.days: template: unknown variable "b"; ${see}, day, unit.id, unit.index`,
      ],
    ],
    [
      exampleWith('name: orders', 'name: orders\nexpect: { blobs: "{{ parts }}" }'),
      [`m.yaml:3:22 expect.blobs: template: unknown variable "parts"; ${see}, unit.id, unit.index`],
    ],
    [exampleFile, []],
  ])('is reported with its place and the names there are (%#)', (text, messages) => {
    const file = parseDefinitionFile(text, 'm.yaml');
    const problems = findTemplateProblems(file.definition, ['tenant', 'month'], file);
    expect(problems.map((problem) => formatProblem('m.yaml', problem))).toEqual(messages);
  });

  it.each([
    ['empty', '{% if tenant == empty %}a{% endif %}', 16],
    ['blank', '{% assign a = blank %}{{ a }}', 14],
    ['nil', '{{ tenant | default: nil }}', 21],
    ['null', '{% case tenant %}{% when null %}a{% endcase %}', 25],
    ['true', '{% if tenant == true %}a{% endif %}', 16],
    ['and', '{% if tenant and month %}a{% endif %}', 13],
    ['contains', '{% if tenant contains month %}a{% endif %}', 13],
    ['2019', '{{ 2019 }}', 3],
    ['-7', '{% if tenant == -7 %}a{% endif %}', 16],
    ['forloop', '{% for i in (1..2) %}{{ forloop.index }}{% endfor %}', 24],
    ['false', '{% if tenant %}{% unless false %}a{% endunless %}{% endif %}', 25],
  ])('a column named as the word %j is refused where a template uses the word', (name, text, offset) => {
    const file = parseDefinitionFile(
      exampleWith('"orders/{{ tenant }}/{{ month }}.json.gz"', JSON.stringify(text)),
      'm.yaml',
    );
    const problems = (columns: readonly string[]): readonly string[] =>
      findTemplateProblems(file.definition, columns, file).map((problem) => formatProblem('m.yaml', problem));
    expect(problems(['tenant', 'month', name])).toEqual([
      `m.yaml:19:${String(9 + offset)} target.key: template: "${name}" is a word of the template language, ` +
        'not the column of that name; give the column another name',
    ]);
    expect(problems(['tenant', 'month'])).toEqual([]);
  });

  it('a variable of each with the name of a column is refused: a lookup would see another value than the key', () => {
    const file = parseDefinitionFile(exampleFile, 'm.yaml');
    const problems = findTemplateProblems(file.definition, ['tenant', 'month', 'day'], file);
    expect(problems.map((problem) => formatProblem('m.yaml', problem))).toEqual([
      'm.yaml:16:7 find[0].each.day: a column of the units file has this name too; give the variable another name',
    ]);
  });

  it('a column with the name of a number may stand beside numbers that filters take', () => {
    const { definition } = parseDefinitionFile(exampleFile, 'm.yaml');
    expect(findTemplateProblems(definition, ['tenant', 'month', '0', '4', 'empty'])).toEqual([]);
  });
});
