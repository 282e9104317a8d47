/** A glob or a regular expression that is not valid, or that cannot be matched in linear time. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  constructor(
    message: string,
    /** Offset in the text of the pattern, from 0. */
    readonly offset: number,
    /** What would be right. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
