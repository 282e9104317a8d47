import { z } from 'zod';
import { migrationSchema } from './migration-schema.js';

/** Gives the JSON Schema (draft 7, which editors know) of a migration file as a user writes it. */
export function migrationJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(migrationSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return { ...schema, title: 'Longhaul migration file' };
}
