import { type DatePart, partRank, partWidth } from './date-run.js';
import type { Shape, ShapeElement } from '../shape.js';

/** An element of a shape and where in the name it is. A slash is a literal of its own. */
export interface NamePart {
  readonly element: ShapeElement;
  /** 0 for the container, 1 for what follows the first slash. */
  readonly segment: number;
  readonly isFile: boolean;
  /** The key before it, such as `region` in `region={text}`. */
  readonly key: string | undefined;
}

/**
 * Returns the parts of a shape's names, container first. A date is cut between what is finer than `finest`, a rank like
 * that of {@link partRank}, and what is not: in `2019070304`, the day identifies a unit of a day.
 */
export function nameParts({ elements }: Pick<Shape, 'elements'>, finest: number): readonly NamePart[] {
  const split = elements.flatMap((element): readonly ShapeElement[] => {
    if (element.kind === 'literal') {
      return (element.text.match(/\/|[^/]+/g) ?? []).map((text) => ({ kind: 'literal', text }));
    }
    return element.kind === 'date' ? cutDate(element, finest) : [element];
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

type DateElement = Extract<ShapeElement, { kind: 'date' }>;

function cutDate(element: DateElement, finest: number): readonly DateElement[] {
  const pieces: DatePart[][] = [];
  for (const part of element.parts) {
    const [last] = pieces.at(-1) ?? [];
    if (last !== undefined && partRank(last) <= finest === partRank(part) <= finest) pieces.at(-1)?.push(part);
    else pieces.push([part]);
  }
  if (pieces.length === 1) return [element];
  let at = 0;
  return pieces.map((parts) => {
    const start = at;
    at += parts.reduce((width, part) => width + partWidth(part), 0);
    const texts = element.values.list?.map((text) => text.slice(start, at));
    const list = texts && [...new Set(texts)].sort();
    return { ...element, parts, values: list === undefined ? element.values : { distinct: list.length, list } };
  });
}

/** Tells whether an element is a slash. */
export function isSlash(element: ShapeElement): boolean {
  return element.kind === 'literal' && element.text === '/';
}
