import type { StagedUnit, UnitFields } from '../../domain/unit.js';
import type { TemplateContext } from '../templates/template-context.js';

/** Returns what templates see: the fields of its line, as text, `unit.id` and `unit.index`. */
export function unitContext({ fields, id, index }: Pick<StagedUnit, 'fields' | 'id' | 'index'>): TemplateContext {
  return { ...fields, unit: { id, index } };
}

/** Returns what the template of a unit's id sees: the fields of its line and `unit.index`. */
export function unitIdContext(fields: UnitFields, index: number): UnitIdContext {
  return { ...fields, unit: { id: undefined, index } };
}

/** Turns the context of a unit's id into that of the unit: a copy for each of millions would take time. */
export function addUnitId(context: UnitIdContext, id: string): TemplateContext {
  context.unit.id = id;
  return context;
}

/** A context whose `unit` has no id yet. */
export interface UnitIdContext {
  readonly [name: string]: unknown;
  readonly unit: { id: string | undefined; readonly index: number };
}
