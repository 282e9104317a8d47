import { limitsSchema } from './schema/limits-schema.js';
import { transformSchema } from './schema/transform-schema.js';

/** The rules for the bytes of blobs that apply where a migration file sets none. */
export const defaultRules = {
  transform: transformSchema.parse({}),
  limits: limitsSchema.parse({}),
} as const;
