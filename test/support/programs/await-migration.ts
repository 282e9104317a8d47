import { expect } from 'vitest';
import type { SharedStack } from '../servers/e2e-stack.js';
import type { GeneratedMigration } from '../migrations/generated-migration.js';
import { startLonghaul } from './longhaul-program.js';
import { shownCounts } from './shown-counts.js';

/** A started migration. `ended` expects it to complete with every unit done. */
export interface WatchedMigration {
  readonly ended: () => Promise<void>;
}

/**
 * Starts a migration with the built program, which follows it to its end, even while Temporal is away. Whatever happens
 * meanwhile, the program shows the same total from first to last, and never fewer units than before.
 */
export function watchMigration(stack: SharedStack, migration: GeneratedMigration): WatchedMigration {
  const run = startLonghaul(['start', migration.migrationPath, '--watch'], stack.environment);
  return {
    async ended() {
      const { exitCode, stdout, stderr } = await run;
      expect(exitCode, stderr).toBe(0);
      // Units that were found in place count as done.
      const total = migration.expected.length;
      expect(stdout).toMatch(/^\S+ {2}completed after /m);
      expect(shownCounts(stdout), stdout).toEqual([{ finished: total, total }]);
      expect(stdout).toContain(': ' + total.toLocaleString('en') + ' done, of these ');
      expect(stdout).toContain('; 0 empty; 0 failed');

      const shown = shownCounts(stderr);
      expect(new Set(shown.map((each) => each.total)), `the total never moves:\n${stderr}`).toEqual(new Set([total]));
      const finished = shown.map((each) => each.finished);
      expect(finished, `figures never go down:\n${stderr}`).toEqual(finished.toSorted((a, b) => a - b));
    },
  };
}
