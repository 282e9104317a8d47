import type { DatePart } from './names/date-run.js';
import type { ShapeElement } from './shape.js';

/** Returns a shape as people read it: `events/{yyyy}/{MM}/{dd}/{hash:4}/{text}-{number:4}.json.bz2`. */
export function shapeText(elements: readonly ShapeElement[]): string {
  return elements.map(elementText).join('');
}

function elementText(element: ShapeElement): string {
  switch (element.kind) {
    case 'literal':
      return element.text;
    case 'date':
      return `{${element.parts.map((part) => letters[part][element.padded ? 0 : 1]).join('')}}`;
    case 'number':
      return element.width === null ? '{n}' : `{n:${String(element.width)}}`;
    case 'hash':
      return `{hash:${String(element.width)}}`;
    case 'text':
      return element.made === 'anything' ? '{anything}' : textOf(element.values.list);
    default:
      return `{${element.kind}}`;
  }
}

const letters: Readonly<Record<DatePart, readonly [string, string]>> = {
  year: ['yyyy', 'yyyy'],
  shortYear: ['yy', 'yy'],
  month: ['MM', 'M'],
  day: ['dd', 'd'],
  hour: ['HH', 'H'],
  minute: ['mm', 'm'],
  second: ['ss', 's'],
};

// A few short words say more than that there are some.
const shownMax = 3;
const shownLengthMax = 24;

function textOf(list: readonly string[] | undefined): string {
  const choice = list?.join('|') ?? '';
  const isShort = list !== undefined && list.length <= shownMax && choice.length <= shownLengthMax;
  return isShort && !/[{}]/.test(choice) ? `{${choice}}` : '{text}';
}
