import type { UnitFields } from '../../domain/unit.js';

/** A line of a units file. */
export interface UnitLine {
  /** Number of the line in its file, from 1. */
  readonly line: number;
  readonly fields: UnitFields;
  /** The whole line as written, without its line end. */
  readonly text: string;
}

/** A line of a units file that is not a unit, and why. The lines after it can be read. */
export interface BadLine {
  readonly line: number;
  readonly problem: string;
}

/** Tells whether a line is not a unit. */
export function isBadLine(read: UnitLine | BadLine): read is BadLine {
  return 'problem' in read;
}

/** Most bytes or characters of one line. It bounds every buffer that holds lines. */
export const lineCharactersMax = 65_536;
