import type { DraftCell, DraftShape } from './draft-shape.js';
import type { GroupFolder } from './name-group.js';

/**
 * Joins the cells of a folder that are one word together: the number of `acme-12` is a part of the name if there are
 * others than `acme`. Next to a word that is always the same, a number counts.
 */
export function joinFolders(draft: DraftShape): DraftShape {
  const words = draft.folders.filter((folder) => isWord(draft.cells, folder));
  if (words.length === 0) return draft;
  const cells = draft.cells.flatMap((cell, index): readonly DraftCell[] => {
    const word = words.find(({ first, last }) => index >= first && index <= last);
    if (word === undefined) return [cell];
    return index === word.first ? [{ kind: 'text', column: word.column }] : [];
  });
  // Positions in the cells are no longer what they were.
  return { ...draft, cells, folders: [] };
}

function isWord(cells: readonly DraftCell[], { first, last }: GroupFolder): boolean {
  const inside = cells.slice(first, last + 1);
  const hasDate = inside.some((cell) => cell.kind === 'date' || (cell.kind === 'number' && cell.year !== undefined));
  return !hasDate && inside.some((cell) => cell.kind === 'text' && cell.column.values.distinct > 1);
}
