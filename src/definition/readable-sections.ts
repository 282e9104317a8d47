import type { Definition, LookupDefinition } from '../domain/definition.js';
import { accountsSchema } from './schema/accounts-schema.js';
import { expectSchema } from './schema/expect-schema.js';
import { lookupSchema } from './schema/find-schema.js';
import { migrationSchema } from './schema/migration-schema.js';
import { targetSchema } from './schema/target/target-schema.js';
import { filledTemplate } from './schema/texts.js';
import { toDefinition, toTarget } from './schema/to-definition.js';
import { unitsSchema } from './schema/units-schema.js';

/** The sections of a definition that have templates. */
export type TemplateSections = Pick<Definition, 'units' | 'find' | 'expect'> & {
  readonly target: Pick<Definition['target'], 'key'>;
};

/** What can be read of a migration file that has problems. What is wrong itself is left out. */
export interface ReadableSections {
  readonly templates: TemplateSections;
  /** Undefined where the section is wrong. */
  readonly accounts: Definition['accounts'] | undefined;
  readonly target: Definition['target'] | undefined;
  /** All that units are rendered with, and defaults for the rest; undefined if any of it is wrong. */
  readonly definition: Definition | undefined;
}

/**
 * Returns what can be read of a migration file that has problems, so that those of its templates and units are reported
 * with the others; undefined if `units` is wrong: neither the columns nor the units are known then.
 */
export function readableSections(value: unknown): ReadableSections | undefined {
  const { units, accounts, find, expect, target } = fieldsOf(value);
  const parsedUnits = unitsSchema.safeParse(units).data;
  if (parsedUnits === undefined) return undefined;
  const parsedExpect = expectSchema.safeParse(expect ?? {}).data;
  const others = { version: 1, name: 'unnamed', ...(parsedExpect !== undefined && expect !== undefined && { expect }) };
  const parsedTarget = targetSchema.safeParse(target).data;
  const whole = migrationSchema.safeParse({ ...others, units, accounts, find, target }).data;
  return {
    templates: {
      units: parsedUnits,
      find: Array.isArray(find) ? find.map((lookup) => lookupSchema.safeParse(lookup).data ?? withoutTemplates) : [],
      expect: parsedExpect ?? {},
      target: { key: filledTemplate.safeParse(fieldsOf(target)['key']).data ?? '' },
    },
    accounts: accountsSchema.safeParse(accounts).data,
    target: parsedTarget === undefined ? undefined : toTarget(parsedTarget),
    definition: whole === undefined ? undefined : toDefinition(whole),
  };
}

// Keeps the positions of the lookups after it.
const withoutTemplates: LookupDefinition = { account: '', container: '', each: {}, optional: false };

function fieldsOf(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
