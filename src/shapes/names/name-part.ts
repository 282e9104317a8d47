import { type DatePart, partRank } from './date-run.js';
import type { Shape, ShapeElement } from '../shape.js';

/** An element of a shape and where in the name it is. A slash is a literal of its own. */
export interface NamePart {
  readonly element: ShapeElement;
  /** 0 for the container, 1 for what follows the first slash. */
  readonly segment: number;
  readonly isFile: boolean;
  /** The key before it, as `region` in `region={text}`. */
  readonly key: string | undefined;
}

/**
 * Returns the parts of a shape's names, container first. A date is cut where it is finer than `finest`, a rank as that
 * of {@link partRank}: in `2019070304`, the day identifies a unit of a day.
 */
export function nameParts({ elements }: Pick<Shape, 'elements'>, finest: number): readonly NamePart[] {
  const split = elements.flatMap((element): readonly ShapeElement[] => {
    if (element.kind === 'literal') {
      return (element.text.match(/\/|[^/]+/g) ?? []).map((text) => ({ kind: 'literal', text }));
    }
    if (element.kind !== 'date') return [element];
    const isCoarse = (part: DatePart): boolean => partRank(part) <= finest;
    const cut = element.parts.findIndex((part, index) => isCoarse(part) !== isCoarse(element.parts[index - 1] ?? part));
    if (cut < 0) return [element];
    const { parts } = element;
    return [
      { ...element, parts: parts.slice(0, cut) },
      { ...element, parts: parts.slice(cut) },
    ];
  });
  let segment = 0;
  const placed = split.map((element) => {
    if (isSlash(element)) segment += 1;
    return { element, segment };
  });
  return placed.map((part, index) => {
    const before = placed[index - 1]?.element;
    const key = before?.kind === 'literal' ? /([A-Za-z][A-Za-z0-9]*)=$/.exec(before.text)?.[1] : undefined;
    return { ...part, isFile: part.segment === segment && segment > 0, key };
  });
}

/** Tells whether an element is a slash. */
export function isSlash(element: ShapeElement): boolean {
  return element.kind === 'literal' && element.text === '/';
}
