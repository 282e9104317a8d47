import type { rate } from '../../definition/schema/amounts.js';
import { bytesPerSecondMin, requestsPerSecondMin } from '../../domain/definition.js';
import type { TuneRequest } from '../../workflows/operator-messages.js';
import { CommandError } from '../ending/command-error.js';
import { exitStatus } from '../ending/exit-status.js';
import { migrationOperand } from '../migration/named-migration.js';
import { askRoot } from '../migration/ask-root.js';
import { formatByteRate } from '../../domain/text/format.js';
import type { RootDescription } from '../ports/temporal-port.js';
import type { Verb } from '../verb.js';

/** `longhaul tune NAME|FILE key=value…` */
export const tune: Verb = {
  name: 'tune',
  summary: 'changes how fast a running migration works',
  description:
    'Changes unitsInFlight and bytesPerSecond of each worker process, and requestsPerSecond of each source account, ' +
    'while the migration runs. Workers apply the change within 15 s.',
  operands: [migrationOperand, { name: 'key=value...', description: 'what to change, for example unitsInFlight=32' }],
  options: [],
  variables: ['TEMPORAL_ADDRESS', 'LONGHAUL_PAYLOAD_CODEC'],
  examples: [
    { line: 'tune orders unitsInFlight=32', does: 'move more or fewer units at once' },
    { line: 'tune orders unitsInFlight=auto', does: 'leave that to each worker process' },
    { line: 'tune orders bytesPerSecond=20MB', does: 'limit the bandwidth; `unlimited` lifts the limit' },
    { line: 'tune orders requestsPerSecond.east=500', does: 'limit requests to an account, over all workers' },
  ],
  run: async ({ context, printer, operands }) => {
    const [operand = '', ...pairs] = operands;
    const amounts = await import('../../definition/schema/amounts.js');
    const argument = pairs.map((pair) => parsePair(pair, amounts)).reduce(together, {});
    const { name, answer } = await askRoot(context, operand, { kind: 'tune', argument }, (root) => {
      refuseUnknownAccounts(argument, root);
    });
    printer.say(`The migration ${name}: ${describe(answer.control)}.`);
    printer.document({ name, ...answer });
    return exitStatus.done;
  },
};

function describe({ unitsInFlight, bytesPerSecond, requestsPerSecond = {} }: TuneRequest): string {
  const speed = typeof bytesPerSecond === 'number' ? speedText(bytesPerSecond) : 'unchanged';
  const ceilings = Object.entries(requestsPerSecond).map(
    ([name, value]) => `requestsPerSecond.${name} ${String(value)}`,
  );
  return [`unitsInFlight ${String(unitsInFlight ?? 'unchanged')}`, `bytesPerSecond ${speed}`, ...ceilings].join(', ');
}

// `tune` can only send numbers: this limit is never reached.
const unlimited = Number.MAX_SAFE_INTEGER;

const speedText = (bytesPerSecond: number): string =>
  bytesPerSecond === unlimited ? 'unlimited' : formatByteRate(bytesPerSecond);

interface Amounts {
  readonly rate: typeof rate;
}

/** Parses one pair. Throws where it cannot, and says what would be right. */
function parsePair(pair: string, amounts: Amounts): TuneRequest {
  const [key = '', value = ''] = pair.split('=');
  const account = /^requestsPerSecond\.(.+)$/.exec(key)?.[1];
  const tuned = account === undefined ? tunedSpeed(key, value, amounts) : tunedAccount(account, value);
  if (tuned !== undefined) return tuned;
  const wanted = account === undefined ? wantedSpeeds[key] : 'a number from 1, or unlimited';
  const what = wanted === undefined ? `"${key}" cannot be tuned` : `${key} must be ${wanted}, not "${value}"`;
  throw new CommandError(exitStatus.usage, `Reading ${pair} failed: ${what}`, {
    next: 'give pairs such as unitsInFlight=32, bytesPerSecond=20MB or requestsPerSecond.ACCOUNT=500',
  });
}

const wantedSpeeds: Readonly<Record<string, string | undefined>> = {
  unitsInFlight: 'a whole number, or auto',
  bytesPerSecond: 'a rate such as 20MB or 19.8 MB/s, at least 65.6 kB/s, or unlimited',
};

function tunedSpeed(key: string, value: string, amounts: Amounts): TuneRequest | undefined {
  if (key === 'unitsInFlight') {
    const units = value === 'auto' ? value : /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
    return units === undefined ? undefined : { unitsInFlight: units };
  }
  if (key !== 'bytesPerSecond') return undefined;
  const bytes =
    value === 'unlimited' ? unlimited : amounts.rate.safeParse(/^\d+$/.test(value) ? Number(value) : value).data;
  return bytes !== undefined && bytes >= bytesPerSecondMin ? { bytesPerSecond: bytes } : undefined;
}

function tunedAccount(account: string, value: string): TuneRequest | undefined {
  const ceiling = value === 'unlimited' ? value : /^\d{1,9}(?:\.\d+)?$/.test(value) ? Number(value) : 0;
  if (ceiling !== 'unlimited' && ceiling < requestsPerSecondMin) return undefined;
  return { requestsPerSecond: { [account]: ceiling } };
}

function together(before: TuneRequest, next: TuneRequest): TuneRequest {
  const requestsPerSecond = { ...before.requestsPerSecond, ...next.requestsPerSecond };
  return { ...before, ...next, ...(Object.keys(requestsPerSecond).length > 0 && { requestsPerSecond }) };
}

/** A name that no account has would be stored without changing anything. */
function refuseUnknownAccounts({ requestsPerSecond = {} }: TuneRequest, { control }: RootDescription): void {
  const { accounts } = control ?? {};
  const unknown = Object.keys(requestsPerSecond).find((name) => accounts?.includes(name) === false);
  if (unknown === undefined || accounts === undefined) return;
  throw new CommandError(exitStatus.usage, `The migration has no account "${unknown}"`, {
    next: `name one of its accounts: ${accounts.join(', ')}`,
  });
}
