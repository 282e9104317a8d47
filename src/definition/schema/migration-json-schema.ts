import { z } from 'zod';
import { migrationSchema } from './migration-schema.js';

/** Returns the JSON Schema of a migration file as a user writes it. Editors know draft 7 best. */
export function migrationJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(migrationSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return { ...schema, title: 'Longhaul migration file' };
}
