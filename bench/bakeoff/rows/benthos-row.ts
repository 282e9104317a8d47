import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { baselines } from './baselines-folder.js';
import { NotRun, type Bench, type Row } from './row.js';
import { runProgram } from './run-program.js';

const source = join(baselines, 'benthos');
const sources = ['main.go', 'benthos.yaml', 'go.mod', 'go.sum'];

/**
 * The engine that Bento is a fork of. Bento itself has no version that the Go module proxy lists, and refuses an exact
 * one; its parts for both clouds are rewritten in `main.go`.
 */
export const benthosRow: Row = {
  ...{ name: 'benthos', title: 'Benthos, the engine of Bento', kind: 'baseline', result: 'objects' },
  ...{ files: ['bench/baselines/benthos/main.go', 'bench/baselines/benthos/benthos.yaml'] },
  ...{ unitsMax: 1_000, killedUnits: 200, secondsPerUnit: 0.06 },
  prepare: async (bench) => {
    const program = await build(bench);
    return {
      dependencies: await countModules(),
      run: (scene) => runProgram(program, ['run', join(source, 'benthos.yaml')], scene),
    };
  },
};

/** Builds the program into the cache, or finds it there: one for each content of its sources. */
async function build({ cacheDir, log }: Bench): Promise<string> {
  const digest = createHash('sha256');
  for (const name of sources) digest.update(await readFile(join(source, name)));
  const folder = join(cacheDir, 'bench', `benthos-${digest.digest('hex').slice(0, 12)}`);
  const program = join(folder, 'benthos');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  log('Building Benthos; this takes a few minutes …');
  const part = `${program}.part`;
  const { failed, exitCode, stderr } = await execa('go', ['build', '-o', part, '.'], { cwd: source, reject: false });
  if (exitCode === undefined) throw new NotRun('there is no Go');
  if (failed) throw new NotRun(`Go does not build it: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  await rename(part, program);
  return program;
}

/** Returns the number of modules in the program. */
async function countModules(): Promise<number> {
  const { stdout } = await execa('go', ['list', '-deps', '-f', '{{with .Module}}{{.Path}}{{end}}', '.'], {
    cwd: source,
  });
  return new Set(stdout.split('\n').filter((line) => line !== '')).size - 1;
}
