import { join } from 'node:path';

/** The one Temporal namespace of the local stack; the server makes it by itself. */
export const localNamespace = 'default';

/** The loopback address that everything of the stack listens on, and nothing else does. */
export const loopback = '127.0.0.1';

/** Where a stack keeps things below its state directory. */
export function stackPaths(stateDir: string) {
  return {
    logs: join(stateDir, 'logs'),
    temporalDatabase: join(stateDir, 'temporal.db'),
    azurite: join(stateDir, 'azurite'),
    s3: join(stateDir, 's3'),
    s3Config: join(stateDir, 's3.json'),
    log: (name: string) => join(stateDir, 'logs', `${name}.log`),
  } as const;
}

/** The names below the state directory that `down --wipe` removes: all that the stack made, and nothing that a user put beside it. */
export const wipedNames = [
  'temporal.db',
  'temporal.db-wal',
  'temporal.db-shm',
  'temporal.db-journal',
  'azurite',
  's3',
  's3.json',
  'logs',
  'stack.json',
] as const;
