import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { migrationJsonSchema } from '../../../definition/schema/migration-json-schema.js';
import { exitStatus, type ExitStatus } from '../../ending/exit-status.js';
import { exampleFiles } from './example-files.js';
import { exampleName } from './example-name.js';
import { filesFromDemo } from './files-from-demo.js';
import { writeNewFiles } from './write-new-files.js';
import { shellWord } from '../../screen/shell-word.js';
import type { VerbCall } from '../../verb.js';

/** Runs `longhaul init`. */
export async function runInit({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  const dir = operands[0] ?? '.';
  const path = resolve(dir);
  const name = exampleName(path);
  const { migration, units } = options.fromDemo
    ? await filesFromDemo(context, { name, stateDir: options.stateDir })
    : exampleFiles(name);
  await mkdir(path, { recursive: true });
  const written = await writeNewFiles(path, {
    'migration.yaml': `# yaml-language-server: $schema=./migration.schema.json\n${migration}`,
    'units.csv': units,
    'migration.schema.json': `${JSON.stringify(migrationJsonSchema(), null, 2)}\n`,
  });
  for (const file of written) printer.say(`Wrote ${file}`);
  const [file = ''] = written;
  printer.say(
    options.fromDemo
      ? `Start it with \`${context.invocation} start ${shellWord(file)} --watch\`.`
      : `Describe in ${file} what to move, then run \`${context.invocation} check ${shellWord(file)}\`.`,
  );
  printer.document({ name, files: written });
  return exitStatus.done;
}
