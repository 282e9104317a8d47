import { type DatePart, partRank, partWidth } from '../names/date-run.js';
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
    const date = new Map<DatePart, string>();
    for (const [index, { column, parts }] of groups.entries()) {
      const text = found[index + 1] ?? '';
      if (parts === undefined) {
        fields[column] = text;
        continue;
      }
      readParts(text, parts, date);
      fields[column] = dateValue(date);
    }
    return fields;
  };
}

/** Adds the parts of a date that a text of digits consists of. */
function readParts(text: string, parts: readonly DatePart[], date: Map<DatePart, string>): void {
  let at = 0;
  for (const part of parts) {
    const digits = parts.length > 1 ? text.slice(at, (at += partWidth(part))) : text.padStart(partWidth(part), '0');
    if (part === 'shortYear') date.set('year', `20${digits}`);
    else date.set(part, digits);
  }
}

/** Returns the parts as `2019-07-03T04:05`, as far as they are there. */
function dateValue(date: ReadonlyMap<DatePart, string>): string {
  return [...date]
    .sort(([one], [other]) => partRank(one) - partRank(other))
    .reduce((value, [part, digits]) => `${value}${value === '' ? '' : separators[part]}${digits}`, '');
}

const separators: Readonly<Record<DatePart, string>> = {
  ...{ year: '', shortYear: '', month: '-', day: '-' },
  ...{ hour: 'T', minute: ':', second: ':' },
};
