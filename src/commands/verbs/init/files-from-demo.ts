import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationFileText } from '../../../local/demo-data/migration-file-text.js';
import { CommandError } from '../../ending/command-error.js';
import type { CommandContext } from '../../ports/context.js';
import { demoDirectoryPath, readDemoRecords } from '../../stack/demo-directory.js';
import { demoEnds } from '../../stack/demo-ends.js';
import { demoSet } from '../../stack/demo-place.js';
import { exitStatus } from '../../ending/exit-status.js';
import { knownStack } from '../../stack/known-stack.js';
import { stateDirOption } from '../../stack/shell-line.js';
import type { ExampleFiles } from './example-files.js';

// A header and two units: enough to see that it works.
const linesMax = 3;

/**
 * Returns files that move the first units of the newest demo again, under another name. Rejects with status 2 if there
 * is no demo.
 */
export async function filesFromDemo(
  context: CommandContext,
  { name, stateDir }: { readonly name: string; readonly stateDir: string | undefined },
): Promise<ExampleFiles> {
  const { stores, stateDir: foundDir } = await knownStack(context, stateDir);
  const demos = await readDemoRecords(foundDir);
  const newest = demos.toSorted((a, b) => demoNumber(b.name) - demoNumber(a.name))[0];
  if (stores === null || newest === undefined) {
    throw new CommandError(exitStatus.usage, `There is no demo data on the local stack in ${foundDir}`, {
      next: `make some: \`${context.invocation} demo${stateDirOption(stateDir)}\``,
    });
  }
  if (demos.some((demo) => demo.name === name)) {
    throw new CommandError(
      exitStatus.usage,
      `The folder would give the migration the name ${name}, which is that of a demo`,
      {
        next: 'give a folder with another name',
      },
    );
  }
  const units = await readFile(join(demoDirectoryPath(foundDir, newest.name), 'units.csv'), 'utf8');
  return {
    migration: migrationFileText({ name, set: demoSet(newest.name), ...demoEnds(stores, name) }),
    units: `${units.split('\n').slice(0, linesMax).join('\n').trimEnd()}\n`,
  };
}

const demoNumber = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 1);
