import { expect } from 'vitest';
import type { SharedStack } from '../servers/e2e-stack.js';
import type { GeneratedMigration } from '../migrations/generated-migration.js';
import { startLonghaul } from './longhaul-program.js';

/** A started migration. `ended` expects it to complete with every unit done. */
export interface WatchedMigration {
  readonly ended: () => Promise<void>;
}

/** Starts a migration with the built program, which follows it to its end, even while Temporal is away. */
export function watchMigration(stack: SharedStack, migration: GeneratedMigration): WatchedMigration {
  const run = startLonghaul(['start', migration.migrationPath, '--watch', '--json'], stack.environment);
  return {
    async ended() {
      const { exitCode, stdout, stderr } = await run;
      expect(exitCode, stderr).toBe(0);
      const { phase, units } = JSON.parse(stdout) as { phase: string; units: Record<string, number> };
      // Units that were found in place count as done.
      const total = migration.expected.length;
      expect({ phase, units }).toMatchObject({
        ...{ phase: 'completed', units: { total, done: total, failed: 0, empty: 0 } },
      });
    },
  };
}
