import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';

/**
 * Reads the value of `--sample`: a number of units, or a share of them such as `5%`. Returns how many of a number of
 * units that is. Rejects anything else with status 2.
 */
export function parseSample(text: string | undefined): (units: number) => number {
  if (text === undefined) return (units) => units;
  const [, digits, percent] = /^(\d{1,9}(?:\.\d{1,6})?)(%?)$/.exec(text) ?? [];
  const value = Number(digits);
  if (percent === '%' && value > 0 && value <= 100) return (units) => Math.ceil((units * value) / 100);
  if (percent === '' && value >= 1 && Number.isInteger(value)) return () => value;
  throw new CommandError(exitStatus.usage, `--sample ${text} is neither a number of units nor a share of them`, {
    next: 'give a whole number such as 1000, or a share from 0 to 100 such as 5%',
  });
}
