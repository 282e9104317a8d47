import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LocalStackError } from '../failure/local-stack-error.js';
import { messageOf } from '../failure/message-of.js';
import { portNames } from '../ports/plan-ports.js';
import { writePrivateFile } from './write-private-file.js';

/** The parts of a stack, in the order in which they are shown. */
export const partNames = ['temporal', 'azurite', 's3', 'workers'] as const;

/** The name of a part. Each is a detached process. */
export type PartName = (typeof partNames)[number];

const partRecord = z.object({
  pid: z.int().positive(),
  identity: z.string().min(1),
  startedAt: z.string(),
  settled: z.boolean(),
  fingerprint: z.string().optional(),
});

const port = z.int().min(1).max(65_535);

const stackState = z.object({
  version: z.literal(1),
  portBase: z.int().nullable(),
  ports: z.record(z.enum(portNames), port),
  taskQueue: z.string(),
  usesStores: z.boolean(),
  stores: z
    .object({
      azure: z.array(z.object({ name: z.string(), key: z.string() })),
      s3: z.object({ region: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() }),
    })
    .nullable(),
  parts: z.partialRecord(z.enum(partNames), partRecord),
});

/**
 * The content of `<stateDir>/stack.json`: ports, the credentials made for the local stores, and each process with the
 * identity that distinguishes it from a later one with the same id. `usesStores`: the last `up` was with stores; their
 * secrets are kept in any case. `settled`: the part has been set up since its start.
 */
export type StackState = Readonly<z.infer<typeof stackState>>;

/** One process of the stack as recorded. */
export type PartRecord = Readonly<z.infer<typeof partRecord>>;

/**
 * Reads the state of a stack, or returns undefined if there is none. Throws `LocalStackError` if the file cannot be
 * understood.
 */
export function readStackState(stateDir: string): StackState | undefined {
  const path = stateFile(stateDir);
  try {
    return stackState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : messageOf(error);
    throw new LocalStackError('usage', `The record of the local stack, ${path}, cannot be read: ${reason}`, {
      next: 'End what still runs of it by hand, then remove the file, or use another --state-dir.',
      cause: error,
    });
  }
}

/** Replaces the state of a stack as a whole. Only its owner can read it. */
export function writeStackState(stateDir: string, state: StackState): void {
  writePrivateFile(stateFile(stateDir), `${JSON.stringify(state, null, 2)}\n`);
}

function stateFile(stateDir: string): string {
  return join(stateDir, 'stack.json');
}
