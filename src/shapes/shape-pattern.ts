import { partWidth } from './names/date-run.js';
import type { ShapeElement } from './shape.js';

/** Returns a regular expression of a shape's element, as JavaScript and RE2 both understand it, without groups. */
export function elementPattern(element: ShapeElement): string {
  switch (element.kind) {
    case 'literal':
      return quotedLiteral(element.text);
    case 'date': {
      if (!element.padded) return String.raw`\d{1,2}`;
      return element.parts.map((part) => String.raw`\d{${String(partWidth(part))}}`).join('');
    }
    case 'number':
      return element.width === null ? String.raw`\d+` : String.raw`\d{${String(element.width)},}`;
    case 'hash':
      return `[0-9${element.upper ? 'A-F' : 'a-f'}]{${String(element.width)}}`;
    case 'guid':
      return '[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}';
    case 'version':
      return String.raw`v\d+[.\d]*`;
    case 'text':
      return { letters: String.raw`\p{L}+`, segment: '[^/]+', anything: '(?s:.+)' }[element.made];
  }
}

/** Returns a regular expression that matches whole names, `container/name`, of a shape. */
export function shapePattern(elements: readonly ShapeElement[]): RegExp {
  return new RegExp(`^${elements.map((element) => elementPattern(element).replace('(?s:.+)', '[^]+')).join('')}$`, 'u');
}

/** Quotes a text for a regular expression. */
export const quotedLiteral = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
