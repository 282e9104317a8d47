import type { DatePart } from '../names/date-run.js';
import type { NamePart } from '../names/name-part.js';
import type { PartRole } from './unit-columns.js';

/**
 * Returns the template that renders these parts of a name for a unit. Parts of its date become one output where only
 * separators are between them: `{{ date | date: '%Y/%m/%d' }}`.
 */
export function templateOf(parts: readonly NamePart[], roles: readonly PartRole[]): string {
  let template = '';
  let at = 0;
  while (at < parts.length) {
    const role = roles[at];
    if (role?.kind === 'date') {
      const end = endOfDate(at, parts, roles);
      template += `{{ ${role.column} | date: '${parts.slice(at, end).map(dateFormat).join('')}' }}`;
      at = end;
      continue;
    }
    const element = parts[at]?.element;
    if (role?.kind === 'column') template += `{{ ${role.column} }}`;
    else if (role?.kind === 'each') template += `{{ ${role.variable} }}`;
    else if (element?.kind === 'literal') template += literalTemplate(element.text);
    at += 1;
  }
  return template;
}

/** Returns the position after the last part of a date that begins at `start`. */
function endOfDate(start: number, parts: readonly NamePart[], roles: readonly PartRole[]): number {
  let end = start + 1;
  for (let at = end; at < parts.length; at += 1) {
    const element = parts[at]?.element;
    if (roles[at]?.kind === 'date') end = at + 1;
    else if (element?.kind !== 'literal' || /['{}]/.test(element.text)) break;
  }
  return end;
}

function dateFormat({ element }: NamePart): string {
  if (element.kind === 'literal') return element.text.replaceAll('%', '%%');
  if (element.kind !== 'date') return '';
  return element.parts.map((part) => `%${element.padded ? '' : '-'}${directives[part]}`).join('');
}

const directives: Readonly<Record<DatePart, string>> = {
  year: 'Y',
  shortYear: 'y',
  month: 'm',
  day: 'd',
  hour: 'H',
  minute: 'M',
  second: 'S',
};

/** What would begin an output or a tag is written as an output of text. */
function literalTemplate(text: string): string {
  return text.replaceAll(/\{[{%]/g, (braces) => `{{ '${braces}' }}`);
}
