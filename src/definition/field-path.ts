/** The path to a value in a migration file: names of fields and positions in lists. */
export type FieldPath = readonly (string | number)[];

/** Formats a path for people: `find[0].each.day`. */
export function formatPath(path: FieldPath): string {
  return path
    .map((step, depth) => (typeof step === 'number' ? `[${String(step)}]` : depth === 0 ? step : `.${step}`))
    .join('');
}
