/** The values of an `each` variable, counted before they are made: a mistake in the file may ask for millions. */
export interface CountedValues {
  readonly length: number;
  at(position: number): string | undefined;
}
