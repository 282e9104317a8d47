import { parseArgs } from 'node:util';

/**
 * An option of a benchmark, in the form of `parseArgs`. One with `least` takes a whole number of at least that, one
 * with `among` one of these words.
 *
 * @typedef {{
 *   type: 'string' | 'boolean',
 *   default?: string | boolean,
 *   description: string,
 *   least?: number,
 *   among?: readonly string[],
 * }} BenchmarkOption
 */

/**
 * Returns the values of a command line, or what is wrong with it.
 *
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, BenchmarkOption>>} options
 * @returns {{ values: Record<string, unknown>, problem?: string }}
 */
export function readOptions(args, options) {
  try {
    /** @type {Record<string, { type: 'string' | 'boolean', default?: string | boolean }>} */
    const known = { help: { type: 'boolean' }, ...options };
    const { values } = parseArgs({ args: [...args], options: known });
    for (const [name, option] of Object.entries(options)) checkValue(name, option, values[name]);
    return { values };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { values: {}, problem: error.message };
  }
}

/**
 * @param {string} name
 * @param {BenchmarkOption} option
 * @param {unknown} value
 */
function checkValue(name, { least, among }, value) {
  if (typeof value !== 'string') return;
  if (least !== undefined && !(/^\d+$/.test(value) && Number(value) >= least))
    throw new RangeError(`--${name} takes a whole number of at least ${String(least)}, not "${value}".`);
  if (among !== undefined && !among.includes(value))
    throw new RangeError(`--${name} takes one of ${among.join(', ')}, not "${value}".`);
}
