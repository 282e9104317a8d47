/** Combinations of `each` that one lookup may have for one unit: each is a request, and more of them are a mistake in the file. */
export const combinationsMax = 100_000;
