import { partWidth } from '../names/date-run.js';
import type { UnitPattern } from './propose-find.js';

/**
 * Returns a function that reads the fields of a unit from the name of one of its blobs, `container/name`; it returns
 * undefined for a name of another shape.
 */
export function unitFields({
  pattern,
  groups,
}: UnitPattern): (name: string) => Readonly<Record<string, string>> | undefined {
  const whole = new RegExp(pattern, 'u');
  return (name) => {
    const found = whole.exec(name);
    if (found === null) return undefined;
    const fields: Record<string, string> = {};
    for (const [index, { column, parts }] of groups.entries()) {
      const text = found[index + 1] ?? '';
      if (parts === undefined) {
        fields[column] = text;
        continue;
      }
      let at = 0;
      for (const part of parts) {
        const digits = parts.length > 1 ? text.slice(at, (at += partWidth(part))) : text.padStart(partWidth(part), '0');
        fields[column] = fields[column] === undefined ? digits : `${fields[column]}-${digits}`;
      }
    }
    return fields;
  };
}
