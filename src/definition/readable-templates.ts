import type { Definition, LookupDefinition } from '../domain/definition.js';
import { expectSchema } from './schema/expect-schema.js';
import { lookupSchema } from './schema/find-schema.js';
import { filledTemplate } from './schema/texts.js';
import { unitsSchema } from './schema/units-schema.js';

/** The sections of a definition that have templates. */
export type TemplateSections = Pick<Definition, 'units' | 'find' | 'expect'> & {
  readonly target: Pick<Definition['target'], 'key'>;
};

/**
 * Returns the sections with templates of a migration file that has problems elsewhere, so that those of its templates
 * are told together with the others. What is wrong itself is left out. Undefined where `units` is wrong: the columns
 * are not known then.
 */
export function readableTemplates(value: unknown): TemplateSections | undefined {
  const { units, find, expect, target } = fieldsOf(value);
  const parsedUnits = unitsSchema.safeParse(units).data;
  if (parsedUnits === undefined) return undefined;
  return {
    units: parsedUnits,
    find: Array.isArray(find) ? find.map((lookup) => lookupSchema.safeParse(lookup).data ?? withoutTemplates) : [],
    expect: expectSchema.safeParse(expect ?? {}).data ?? {},
    target: { key: filledTemplate.safeParse(fieldsOf(target)['key']).data ?? '' },
  };
}

// Keeps the positions of the lookups after it.
const withoutTemplates: LookupDefinition = { account: '', container: '', each: {}, optional: false };

function fieldsOf(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
