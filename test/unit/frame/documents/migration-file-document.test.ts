import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../../src/definition/parse-definition.js';
import { migrationJsonSchema } from '../../../../src/definition/schema/migration-json-schema.js';
import { templateFilters } from '../../../../src/definition/templates/template-filters.js';

const text = readFileSync(new URL('../../../../docs/migration-file.md', import.meta.url), 'utf8');
const [, example = ''] = /^```yaml\n([^]*?)^```/m.exec(text) ?? [];

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}
const schema = migrationJsonSchema() as Schema;

describe('docs/migration-file.md', () => {
  it('shows a valid file', () => {
    expect(parseDefinition(example, 'example')).toMatchObject({ name: 'orders-2019-2022', find: [{}, {}] });
  });

  it('describes every field', () => {
    const fields = fieldsOf(schema);
    expect(fields).toContain('storageClass');
    expect(fields.filter((field) => !new RegExp(`[\`. {]${field}[\`:,. ]`).test(text))).toEqual([]);
  });

  it('describes every filter of its own', () => {
    expect(Object.keys(templateFilters).filter((name) => !text.includes(`| \`${name}`))).toEqual([]);
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
