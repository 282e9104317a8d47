import { describe, expect, it } from 'vitest';
import { DefinitionProblems } from '../../../src/definition/definition-problems.js';
import { findTemplateProblems } from '../../../src/definition/find-template-problems.js';
import { parseDefinition, parseDefinitionFile } from '../../../src/definition/parse-definition.js';
import { exampleFile, exampleWith } from './example-file.js';

const secret = 'c2VjcmV0LWtleS1vZi1hbi1hY2NvdW50';

/** A file with something wrong in it, and the whole message. */
const cases: readonly (readonly [title: string, text: string, message: readonly string[]])[] = [
  [
    'a value that is not one of the known ones',
    exampleWith('name: orders', 'name: orders\norder: nmae'),
    [
      'm.yaml:3:8 order: expected name, natural, lookup or lastModified; did you mean "name"?',
      '   3 | order: nmae',
      '     |        ^',
    ],
  ],
  [
    'a place inside a template',
    exampleWith('slice: 0, 4', 'slcie: 0, 4'),
    [
      'm.yaml:12:35 find[0].container: template: unknown filter "slcie"; did you mean "slice"?',
      '  12 |     container: "events-{{ month | slcie: 0, 4 }}"',
      '     |                                   ^',
    ],
  ],
  [
    'a secret in place of the name of a credential',
    exampleWith('credential: azure-east', `credential: ${secret}==`),
    [
      'm.yaml:9:17 accounts.east.credential: not a valid credential name; use lower-case letters, digits and ' +
        'hyphens; the secret itself belongs on the workers, never in this file',
      `   9 |     credential: ${'·'.repeat(secret.length + 2)}`,
      '     |                 ^',
    ],
  ],
  [
    'a secret in an unknown field, and one in a comment',
    exampleWith('credential: azure-east', `sasToken: "sv=1&sig=${secret}" # was ${secret}`),
    [
      'm.yaml:9:5 accounts.east.sasToken: unknown field; known: endpoint, credential, requestsPerSecond',
      `   9 |     sasToken: "····&${'·'.repeat(secret.length + 4)}" # ··· ${'·'.repeat(secret.length)}`,
      '     |     ^',
    ],
  ],
  [
    'what is no YAML, on a line with a secret',
    exampleWith('credential: azure-east', `credential: key: ${secret}`),
    [
      'm.yaml:9:17: YAML: Nested mappings are not allowed in compact mappings',
      `   9 |     credential: key: ${'·'.repeat(secret.length)}`,
      '     |                 ^',
    ],
  ],
  [
    'a place far to the right',
    exampleWith('match: "**/*.json.bz2"', `match: "${'a'.repeat(200)}[z-a]${'b'.repeat(200)}"`),
    [
      'm.yaml:14:214 find[0].match: the range ends before it begins',
      `  14 | ${'a'.repeat(59)}[z-a]${'b'.repeat(36)}`,
      `     | ${' '.repeat(60)}^`,
    ],
  ],
  [
    'a problem of YAML, and one of the schema, together',
    exampleWith('name: orders', 'name: orders\nname: again\nspeed: { unitsInFlight: 0 }'),
    [
      'm.yaml:3:1 name: this field is set twice; remove one',
      '   3 | name: again',
      '     | ^',
      'm.yaml:4:25 speed.unitsInFlight: it must be above 0',
      '   4 | speed: { unitsInFlight: 0 }',
      '     |                         ^',
    ],
  ],
];

describe('the message of a migration file with something wrong in it', () => {
  it.each(cases)('shows the line, and a mark below the column: %s', (_, text, message) => {
    const lines = messageOf(() => parseDefinition(text, 'm.yaml'));
    expect(lines).toEqual(message);
    expect(lines.join()).not.toContain(secret.slice(0, 4));
  });

  it('shows the line also of a variable that the units file does not have', () => {
    const { definition, positions, fileName } = parseDefinitionFile(exampleFile, 'm.yaml');
    const problems = findTemplateProblems(definition, ['tenant'], { positions });
    expect(new DefinitionProblems(fileName, problems.slice(0, 1), { source: positions }).message.split('\n')).toEqual([
      'm.yaml:5:24 units.id: template: unknown variable "month"; available: tenant, unit.index',
      '   5 |   id: "{{ tenant }}/{{ month }}"',
      '     |                        ^',
    ]);
  });

  it('shows no line when there is none', () => {
    expect(messageOf(() => parseDefinition('', 'm.yaml'))).toEqual([
      'm.yaml:1:1: the file is empty; `longhaul init` writes an example',
    ]);
  });
});

function messageOf(parse: () => unknown): readonly string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof DefinitionProblems) return error.message.split('\n');
    throw error;
  }
}
