import type { UnitFields } from '../../domain/unit.js';

/** One line of a units file. */
export interface UnitLine {
  /** Number of the line in its file, from 1. */
  readonly line: number;
  readonly fields: UnitFields;
  /** The whole line as written, without its end. */
  readonly text: string;
}

/** Bytes or characters that one line may have; it bounds every buffer that holds lines. */
export const lineCharactersMax = 65_536;
