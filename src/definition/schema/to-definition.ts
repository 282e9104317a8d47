import type { z } from 'zod';
import type { Definition } from '../../domain/definition.js';
import type { migrationSchema } from './migration-schema.js';
import type { targetSchema } from './target/target-schema.js';

/** Converts the output of the schema to a definition. */
export function toDefinition(parsed: z.output<typeof migrationSchema>): Definition {
  return { ...parsed, target: toTarget(parsed.target) };
}

/** Converts the output of the schema of `target`. */
export function toTarget(parsed: z.output<typeof targetSchema>): Definition['target'] {
  const { control = { bucket: parsed.bucket, prefix: controlPrefixDefault }, ...target } = parsed;
  return { ...target, control };
}

const controlPrefixDefault = '.longhaul';
