import { describe, expect, it } from 'vitest';
import { migrationJsonSchema } from '../../../src/definition/schema/migration-json-schema.js';

describe('the JSON Schema of a migration file', () => {
  it('knows every section as a user writes it, and refuses others', () => {
    const schema = migrationJsonSchema() as { properties: Record<string, unknown>; [field: string]: unknown };
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema['additionalProperties']).toBe(false);
    expect(schema['required']).toEqual(['version', 'name', 'units', 'accounts', 'find', 'target']);
    expect(Object.keys(schema.properties)).toEqual([
      ...['version', 'name', 'units', 'accounts', 'find', 'order', 'expect', 'whenEmpty'],
      ...['transform', 'target', 'limits', 'speed'],
    ]);
    expect(schema.properties['speed']).toMatchObject({
      properties: { heartbeatTimeout: { default: '60s' }, unitsInFlight: { default: 'auto' } },
      additionalProperties: false,
    });
    expect(schema.properties['transform']).toMatchObject({
      properties: { decompress: { enum: ['bzip2', 'gzip', 'auto', 'none'], default: 'bzip2' } },
    });
  });
});
