import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLonghaul, runLonghaulJson } from '../../test/support/programs/longhaul-program.js';
import { startStack, type StartedStack } from '../../test/support/servers/start-stack.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';
import { startInMemoryWorkers, type InMemoryWorkers } from '../lib/in-memory/in-memory-workers.js';
import type { FlatMigration } from './flat-migration.js';
import { nextBuild } from './next-build.js';

/** What works on the migration now. Disturbances change it. */
export interface Field {
  readonly migration: FlatMigration;
  readonly processes: number;
  /** The stack with the stores, and the one whose Temporal server is in use. */
  readonly stores: SharedStack;
  temporal: SharedStack;
  workers: InMemoryWorkers;
  /** The folder of the build that workers run. */
  build: string;
  /** Stacks to stop at the end. */
  readonly started: StartedStack[];
}

/** Something that an operator does in the middle of a migration, and that must not make a unit fail. */
export interface Disturbance {
  /** Share of the units that are done when it comes. */
  readonly at: number;
  readonly what: string;
  /** Does it, and returns whether the migration now runs on another server, so that it has to be watched again. */
  readonly play: (field: Field) => Promise<{ readonly movedServer: boolean }>;
}

export const disturbances: readonly Disturbance[] = [
  { at: 0.25, what: 'the workers are upgraded to a new build', play: upgrade },
  { at: 0.45, what: 'the migration moves to another Temporal server', play: moveServer },
  { at: 0.65, what: 'the credential of the account is rotated', play: rotate },
];

/** The variables for the command line and for workers, with the server that is in use. */
export function environmentOf({ migration, temporal }: Field): Readonly<Record<string, string>> {
  const { TEMPORAL_ADDRESS: address = '' } = temporal.environment;
  return { ...migration.environment, TEMPORAL_ADDRESS: address };
}

/** New workers start, then the old ones hand their slices back. */
async function upgrade(field: Field): Promise<{ movedServer: boolean }> {
  const old = field.workers;
  const folder = join(field.stores.stateDir, 'next-build');
  await mkdir(folder);
  field.build = await nextBuild(folder);
  field.workers = await startInMemoryWorkers({ ...field, environment: environmentOf(field) });
  await old.drain();
  return { movedServer: false };
}

/** As docs/what-if.md says: cancelled at the old server, resumed at the new one, and workers with its address. */
async function moveServer(field: Field): Promise<{ movedServer: boolean }> {
  const { migration } = field;
  const cancelled = await runLonghaul(['cancel', migration.name], environmentOf(field));
  if (cancelled.exitCode !== 0) throw new Error(`cancel ended with ${String(cancelled.exitCode)}: ${cancelled.stderr}`);
  await field.workers.drain();
  const second = await startStack(field.stores);
  field.started.push(second);
  field.temporal = second.stack;
  field.workers = await startInMemoryWorkers({ ...field, environment: environmentOf(field) });
  const resumed = await runLonghaul(['resume', migration.path], environmentOf(field));
  if (resumed.exitCode !== 0) throw new Error(`resume ended with ${String(resumed.exitCode)}: ${resumed.stderr}`);
  return { movedServer: true };
}

/** The account accepts only a new key at once; workers find it in their file only after they have been refused. */
async function rotate({ migration, ...field }: Field): Promise<{ movedServer: boolean }> {
  const { credentialPath, validKeyPath } = migration;
  const next = Buffer.from((await readFile(credentialPath, 'utf8')).split('').reverse().join('')).toString('base64');
  await writeFile(validKeyPath, next);
  await untilBlocked({ ...field, migration });
  await writeFile(credentialPath, next);
  return { movedServer: false };
}

async function untilBlocked(field: Field): Promise<void> {
  const until = ['watch', field.migration.name, '--until', 'blocked'];
  const { exitCode, stderr } = await runLonghaulJson<unknown>(until, environmentOf(field));
  if (exitCode !== 0) throw new Error(`the migration was not blocked by the old key: ${stderr}`);
}
