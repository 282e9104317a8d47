/**
 * Most lookups of one unit, with all combinations of `each`. Each is a request; more of them are a mistake in the file.
 */
export const combinationsMax = 100_000;
