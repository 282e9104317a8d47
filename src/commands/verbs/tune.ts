import type { rate } from '../../definition/schema/amounts.js';
import { bytesPerSecondMin } from '../../domain/definition.js';
import type { TuneRequest } from '../../workflows/operator-messages.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { migrationOperand } from '../migration/named-migration.js';
import { askRoot } from '../migration/ask-root.js';
import { formatByteRate } from '../screen/format.js';
import type { Verb } from '../verb.js';

const keys: readonly (keyof TuneRequest)[] = ['unitsInFlight', 'bytesPerSecond'];

/** `longhaul tune NAME|FILE key=value…` */
export const tune: Verb = {
  name: 'tune',
  summary: 'changes how fast a running migration works',
  description:
    'Changes unitsInFlight and bytesPerSecond of each worker process while the migration runs. ' +
    'Workers apply the change within 15 s.',
  operands: [migrationOperand, { name: 'key=value...', description: 'what to change, for example unitsInFlight=32' }],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC'],
  examples: [
    { line: 'tune orders unitsInFlight=32', does: 'do more or less at a time' },
    { line: 'tune orders unitsInFlight=auto', does: 'leave that to each worker process' },
    { line: 'tune orders bytesPerSecond=20MB', does: 'limit the bandwidth; `unlimited` lifts the limit' },
  ],
  run: async ({ context, printer, operands }) => {
    const [operand = '', ...pairs] = operands;
    const amounts = await import('../../definition/schema/amounts.js');
    const argument = Object.fromEntries(pairs.map((pair) => parsePair(pair, amounts)));
    const { name, answer } = await askRoot(context, operand, { kind: 'tune', argument });
    const { unitsInFlight = 'unchanged', bytesPerSecond = 'unchanged' } = answer.control;
    const speed = typeof bytesPerSecond === 'number' ? speedText(bytesPerSecond) : bytesPerSecond;
    printer.say(`The migration ${name}: unitsInFlight ${String(unitsInFlight)}, bytesPerSecond ${speed}.`);
    printer.document({ name, ...answer });
    return exitStatus.done;
  },
};

// `tune` can only send numbers: this limit is never reached.
const unlimited = Number.MAX_SAFE_INTEGER;

const speedText = (bytesPerSecond: number): string =>
  bytesPerSecond === unlimited ? 'unlimited' : formatByteRate(bytesPerSecond);

interface Amounts {
  readonly rate: typeof rate;
}

function parsePair(pair: string, amounts: Amounts): readonly [string, number | 'auto'] {
  const [key = '', value = ''] = pair.split('=');
  const isKnown = keys.some((known) => known === key);
  const amount = key === 'bytesPerSecond' ? rateOf(value, amounts) : unitsOf(value);
  if (isKnown && amount !== undefined) return [key, amount];
  const wanted =
    key === 'bytesPerSecond'
      ? 'a rate such as 20MB or 19.8 MB/s, at least 65.6 kB/s, or unlimited'
      : 'a whole number, or auto';
  const what = isKnown ? `${key} must be ${wanted}, not "${value}"` : `"${key}" cannot be tuned`;
  throw new CommandError(exitStatus.usage, `Reading ${pair} failed: ${what}`, {
    next: 'give pairs such as unitsInFlight=32 or bytesPerSecond=20MB',
  });
}

function unitsOf(value: string): number | 'auto' | undefined {
  if (value === 'auto') return value;
  return /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}

function rateOf(value: string, amounts: Amounts): number | undefined {
  if (value === 'unlimited') return unlimited;
  const bytes = amounts.rate.safeParse(/^\d+$/.test(value) ? Number(value) : value).data;
  return bytes !== undefined && bytes >= bytesPerSecondMin ? bytes : undefined;
}
