/**
 * Returns the seed of a random test and prints it: the one in `LONGHAUL_TEST_SEED`, which repeats the choices of a run,
 * or else a new one.
 */
export function testSeed(what: string): number {
  const given = Number(process.env['LONGHAUL_TEST_SEED']);
  const seed = Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 1_000_000_000);
  console.log(`${what}: LONGHAUL_TEST_SEED=${String(seed)}`);
  return seed;
}
