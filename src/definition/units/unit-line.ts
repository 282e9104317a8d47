import type { UnitFields } from '../../domain/unit.js';

/** A line of a units file. */
export interface UnitLine {
  /** Number of the line in its file, from 1. */
  readonly line: number;
  readonly fields: UnitFields;
  /** The whole line as written, without its line end. */
  readonly text: string;
}

/** Most bytes or characters of one line. It bounds every buffer that holds lines. */
export const lineCharactersMax = 65_536;
