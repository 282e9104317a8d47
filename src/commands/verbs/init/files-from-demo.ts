import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationFileText } from '../../../local/demo-data/migration-file-text.js';
import { CommandError } from '../../ending/command-error.js';
import type { CommandContext } from '../../ports/context.js';
import { demoDirectoryPath, readDemoRecords } from '../demo/demo-directory.js';
import { demoEnds } from '../demo/demo-ends.js';
import { demoSet } from '../demo/demo-place.js';
import { exitStatus } from '../../ending/exit-status.js';
import { knownStack } from '../../stack/known-stack.js';
import { stateDirOption } from '../../shell-line.js';
import type { ExampleFiles } from './example-files.js';

// A header and two units: enough to see that it works.
const linesMax = 3;

/** Gives files that move the first units of the newest demo once more, under another name. Rejects with status 2 where there is no demo. */
export async function filesFromDemo(
  context: CommandContext,
  { name, stateDir }: { readonly name: string; readonly stateDir: string | undefined },
): Promise<ExampleFiles> {
  const { stores, stateDir: foundDir } = await knownStack(context, stateDir);
  const demos = await readDemoRecords(foundDir);
  const newest = demos.toSorted((a, b) => demoNumber(b.name) - demoNumber(a.name))[0];
  if (stores === null || newest === undefined) {
    throw new CommandError(exitStatus.usage, `There is no data of a demo on the local stack in ${foundDir}`, {
      next: `make some: \`${context.invocation} demo${stateDirOption(stateDir)}\``,
    });
  }
  if (demos.some((demo) => demo.name === name)) {
    throw new CommandError(exitStatus.usage, `The folder would give the migration the name ${name}, which a demo has`, {
      next: 'give a folder with another name',
    });
  }
  const units = await readFile(join(demoDirectoryPath(foundDir, newest.name), 'units.csv'), 'utf8');
  return {
    migration: migrationFileText({ name, set: demoSet(newest.name), ...demoEnds(stores, name) }),
    units: `${units.split('\n').slice(0, linesMax).join('\n').trimEnd()}\n`,
  };
}

const demoNumber = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 1);
