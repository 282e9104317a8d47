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
  ])('is told with its place and what there is (%#)', (text, messages) => {
    const file = parseDefinitionFile(text, 'm.yaml');
    const problems = findTemplateProblems(file.definition, ['tenant', 'month'], file);
    expect(problems.map((problem) => formatProblem('m.yaml', problem))).toEqual(messages);
  });
});
