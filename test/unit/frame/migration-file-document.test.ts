import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/definition/parse-definition.js';
import { migrationJsonSchema } from '../../../src/definition/schema/migration-json-schema.js';
import { templateFilters } from '../../../src/definition/templates/template-filters.js';
import { unsupportedTransform } from '../../../src/domain/supported-transform.js';

const text = readFileSync(new URL('../../../docs/migration-file.md', import.meta.url), 'utf8');
const [, example = ''] = /^```yaml\n([^]*?)^```/m.exec(text) ?? [];

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly string[];
}
const schema = migrationJsonSchema() as Schema;

describe('docs/migration-file.md', () => {
  it('shows a file that is right', () => {
    expect(parseDefinition(example, 'example')).toMatchObject({ name: 'orders-2019-2022', find: [{}, {}] });
  });

  it('tells of every field', () => {
    const fields = fieldsOf(schema);
    expect(fields).toContain('storageClass');
    expect(fields.filter((field) => !new RegExp(`[\`. {]${field}[\`:,. ]`).test(text))).toEqual([]);
  });

  it('tells of every filter of its own', () => {
    expect(Object.keys(templateFilters).filter((name) => !text.includes(`| \`${name}`))).toEqual([]);
  });

  it('tells which transforms this version refuses, no more and no fewer', () => {
    const { transform } = parseDefinition(example, 'example');
    const choices = Object.entries(schema.properties?.['transform']?.properties ?? {}).filter(
      ([, { enum: all }]) => all,
    );
    expect(choices.length).toBeGreaterThan(3);
    for (const [field, { enum: values = [] }] of choices) {
      const taken = values.filter((value) => unsupportedTransform({ ...transform, [field]: value }) === undefined);
      const row = new RegExp(`^\\| \`transform\\.${field}\` +\\| (.*?) +\\|$`, 'm').exec(text)?.[1];
      const told = taken.length === values.length ? undefined : taken.map((value) => `\`${value}\``).join(', ');
      expect(row, field).toBe(told);
    }
  });
});

/** The names of all fields of a schema, at any depth. */
function fieldsOf({ properties = {}, additionalProperties, items }: Schema): readonly string[] {
  const deeper = [items, typeof additionalProperties === 'object' ? additionalProperties : undefined];
  return [
    ...Object.keys(properties),
    ...[...Object.values(properties), ...deeper].flatMap((each) => (each === undefined ? [] : fieldsOf(each))),
  ];
}
