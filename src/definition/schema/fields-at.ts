import { z } from 'zod';
import type { FieldPath } from '../field-path.js';

/** Returns the names of the fields that the schema knows at a path. */
export function fieldsAt(schema: z.core.$ZodType, path: FieldPath): readonly string[] {
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option: z.core.$ZodType) => fieldsAt(option, path));
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional) {
    return fieldsAt(schema.def.innerType, path);
  }
  if (schema instanceof z.ZodPipe) return fieldsAt(schema.def.in, path);
  const [step, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    const shape = schema.def.shape as Readonly<Record<string, z.core.$ZodType | undefined>>;
    if (step === undefined) return Object.keys(shape);
    const field = shape[step];
    return field === undefined ? [] : fieldsAt(field, rest);
  }
  if (schema instanceof z.ZodRecord) return fieldsAt(schema.def.valueType, rest);
  if (schema instanceof z.ZodArray) return fieldsAt(schema.def.element, rest);
  return [];
}
