import type { SharedStack } from '../servers/e2e-stack.js';
import { runLonghaulJson } from './longhaul-program.js';

/** Something that holds units up, as `status --json` lists it. */
export interface HeldUp {
  readonly what: string;
  readonly class: string;
  readonly message: string;
  readonly since: string;
  readonly units: number;
}

/** The part of `status --json` that tests read. */
export interface MigrationStatus {
  readonly phase: string;
  readonly units: { readonly total: number; readonly done: number; readonly failed: number };
  readonly etaSeconds: number | null;
  readonly blocked: readonly HeldUp[];
  readonly waiting: readonly HeldUp[];
}

/** Runs `status --json`. Returns undefined while there is no such migration. */
export async function migrationStatus(
  { environment }: Pick<SharedStack, 'environment'>,
  name: string,
): Promise<MigrationStatus | undefined> {
  const { exitCode, document } = await runLonghaulJson<MigrationStatus>(['status', name], environment);
  return exitCode === noSuchMigration ? undefined : document;
}

const noSuchMigration = 5;
