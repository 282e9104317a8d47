import { limitsSchema } from './schema/limits-schema.js';
import { transformSchema } from './schema/transform-schema.js';

/** What holds for the bytes of blobs where a migration file says nothing. */
export const defaultRules = {
  transform: transformSchema.parse({}),
  limits: limitsSchema.parse({}),
} as const;
