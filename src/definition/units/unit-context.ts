import type { StagedUnit, UnitFields } from '../../domain/unit.js';
import type { TemplateContext } from '../templates/template-context.js';

/** Returns what templates see of a unit: the fields of its line, as text, `unit.id` and `unit.index`. */
export function unitContext({ fields, id, index }: Pick<StagedUnit, 'fields' | 'id' | 'index'>): TemplateContext {
  return { ...fields, unit: { id, index } };
}

/** Returns what the template of a unit's id sees: the fields of its line and `unit.index`. */
export function unitIdContext(fields: UnitFields, index: number): TemplateContext {
  return { ...fields, unit: { index } };
}
