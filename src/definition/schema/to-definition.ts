import type { z } from 'zod';
import type { Definition } from '../../domain/definition.js';
import type { migrationSchema } from './migration-schema.js';

/** Converts the output of the schema to a definition. */
export function toDefinition(parsed: z.output<typeof migrationSchema>): Definition {
  const { control = { bucket: parsed.target.bucket, prefix: controlPrefixDefault }, ...target } = parsed.target;
  return { ...parsed, target: { ...target, control } };
}

const controlPrefixDefault = '.longhaul';
