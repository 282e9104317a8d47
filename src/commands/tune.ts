import type { TuneRequest } from '../workflows/control-messages.js';
import { CommandError } from './command-error.js';
import { exitStatus } from './exit-status.js';
import { migrationOperand } from './migration-argument.js';
import { operate } from './operate.js';
import type { Verb } from './verb.js';

const keys: readonly (keyof TuneRequest)[] = ['slicesInFlight', 'unitsInFlight'];

/** `longhaul tune NAME|FILE key=value…` */
export const tune: Verb = {
  name: 'tune',
  summary: 'changes how much a running migration does at a time',
  description:
    'Changes slicesInFlight (of the migration) and unitsInFlight (of each worker process) while the migration runs. Workers follow ' +
    'within 15 s.',
  operands: [migrationOperand, { name: 'key=value...', description: 'what to change, for example unitsInFlight=32' }],
  options: [],
  variables: ['TEMPORAL_ADDRESS'],
  examples: [{ line: 'tune orders slicesInFlight=16 unitsInFlight=32', does: 'do less or more at a time' }],
  run: async ({ context, printer, operands }) => {
    const [operand = '', ...pairs] = operands;
    const argument = Object.fromEntries(pairs.map(parsePair));
    const { name, answer } = await operate(context, operand, { kind: 'tune', argument });
    const { slicesInFlight, unitsInFlight } = answer.control;
    printer.say(
      `The migration ${name}: slicesInFlight ${String(slicesInFlight)}, unitsInFlight ${unitsInFlight ?? 'as before'}.`,
    );
    printer.document({ name, ...answer });
    return exitStatus.done;
  },
};

function parsePair(pair: string): readonly [string, number] {
  const [key = '', value = ''] = pair.split('=');
  const isKnown = keys.some((known) => known === key);
  if (isKnown && /^[1-9]\d{0,8}$/.test(value)) return [key, Number(value)];
  const what = isKnown ? `the value of ${key} must be a whole number, and not "${value}"` : `"${key}" is not known`;
  throw new CommandError(exitStatus.usage, `Reading ${pair} failed: ${what}`, {
    next: `give pairs like ${keys.map((known) => `${known}=32`).join(' or ')}`,
  });
}
