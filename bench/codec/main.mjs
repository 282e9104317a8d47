import { machineLine } from '../lib/machine.mjs';
import { reportDecoders } from './decoders.mjs';
import { reportEncoders } from './encoders.mjs';

export const summary = 'our bzip2 decoder beside libbz2 and unbzip2-stream, our deflate encoder beside zlib';

export const options = /** @type {const} */ ({
  only: { type: 'string', among: ['decode', 'encode'], description: '`decode` or `encode`' },
  rounds: { type: 'string', default: '3', least: 1, description: 'how often each is measured; medians are shown' },
  mib: { type: 'string', default: '8', least: 1, description: 'MiB of each kind of data that is encoded' },
});

/** @param {{ only?: string, rounds: string, mib: string }} values */
export async function run({ only, rounds, mib }) {
  process.stdout.write(`${machineLine()}\n`);
  if (only !== 'encode') await reportDecoders({ rounds: count('rounds', rounds) });
  if (only !== 'decode') await reportEncoders({ rounds: count('rounds', rounds), mib: count('mib', mib) });
}

/**
 * @param {string} option
 * @param {string} text
 */
function count(option, text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--${option} must be a whole number above 0, not ${text}`);
  return value;
}
