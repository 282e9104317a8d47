import { join } from 'node:path';

/** The only Temporal namespace of the local stack. The server creates it. */
export const localNamespace = 'default';

/** The only address that the parts of the stack listen on. */
export const loopback = '127.0.0.1';

/** Returns where a stack keeps its files below its state directory. */
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

/**
 * The names below the state directory that `down --wipe` removes: all that the stack made, and nothing that a user put
 * there.
 */
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
