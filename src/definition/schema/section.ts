import { z } from 'zod';

/** A section of the migration file with exactly these fields; any other field is an error. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape);
}

/**
 * For a rule over several fields of a section: it runs even where one of them is wrong, so that all problems are
 * reported together, and therefore must not trust their types.
 */
export const evenIfWrong = {
  when: ({ value }: { readonly value: unknown }) =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
};
