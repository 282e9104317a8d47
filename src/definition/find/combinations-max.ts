/**
 * Most combinations of `each` of one lookup for one unit. Each is a request; more of them are a mistake in the file.
 */
export const combinationsMax = 100_000;
