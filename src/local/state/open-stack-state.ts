import { randomBytes } from 'node:crypto';
import { LocalStackError } from '../failure/local-stack-error.js';
import { planPorts } from '../ports/plan-ports.js';
import { isAlive } from '../processes/process-identity.js';
import { readStackState, type StackState } from './stack-state.js';

/** The local Azure accounts: several, named as in the generated demo. */
const accountNames = ['prodeast', 'prodwest', 'prodlate'] as const;

/**
 * Returns the state that an `up` works towards: the recorded one, or a new one with planned ports and new secrets.
 * Throws `LocalStackError` if other ports are requested while parts run on the recorded ones.
 */
export function openStackState(options: {
  readonly stateDir: string;
  readonly portBase?: number;
  readonly stores: boolean;
  readonly taskQueue?: string;
}): StackState {
  const { stateDir, portBase } = options;
  const recorded = readStackState(stateDir);
  const moves = portBase !== undefined && portBase !== recorded?.portBase;
  if (recorded !== undefined && moves && Object.values(recorded.parts).some((record) => isAlive(record))) {
    const where = recorded.portBase === null ? 'its customary ports' : `port base ${recorded.portBase}`;
    throw new LocalStackError(
      'usage',
      `The local stack in ${stateDir} runs on ${where}, not on port base ${portBase}`,
      {
        next: 'Leave --port-base out to attach to it, end it first (`longhaul dev down`), or use another --state-dir.',
      },
    );
  }
  const keepsPorts = recorded !== undefined && !moves;
  return {
    version: 1,
    portBase: keepsPorts ? recorded.portBase : (portBase ?? null),
    ports: keepsPorts ? recorded.ports : planPorts(portBase),
    taskQueue: options.taskQueue ?? recorded?.taskQueue ?? 'longhaul',
    usesStores: options.stores,
    stores: recorded?.stores ?? (options.stores ? makeStores() : null),
    parts: recorded?.parts ?? {},
  };
}

function makeStores(): NonNullable<StackState['stores']> {
  return {
    // Azure's account keys are 64 bytes long.
    azure: accountNames.map((name) => ({ name, key: randomBytes(64).toString('base64') })),
    s3: {
      region: 'us-east-1',
      accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('hex'),
    },
  };
}
