import { execa } from 'execa';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baselines } from './baselines-folder.js';
import { NotRun, type Bench, type Row } from './row.js';
import { runProgram } from './run-program.js';

/** What only unpacking and packing cost with the usual libraries. */
export const codecsRow: Row = {
  ...{ name: 'codecs', title: 'libbz2 and zlib -6 in C, no network', kind: 'reference', result: 'nothing' },
  ...{ files: ['bench/baselines/codecs.c'], unitsMax: 500, secondsPerUnit: 0.03 },
  prepare: async (bench) => {
    const program = await compile(bench);
    return {
      dependencies: 2,
      run: async (scene) => {
        const contents = join(scene.folder, 'units.txt');
        const lines = scene.units.map(({ blobs }) => `${blobs.map(({ content }) => content).join(' ')}\n`);
        await writeFile(contents, lines.join(''));
        await runProgram(program, [scene.contentsPath, contents], scene);
      },
    };
  },
};

async function compile({ cacheDir }: Bench): Promise<string> {
  const folder = join(cacheDir, 'bench');
  await mkdir(folder, { recursive: true });
  const program = join(folder, 'codecs');
  const args = ['-O2', '-o', program, join(baselines, 'codecs.c'), '-lbz2', '-lz'];
  const { failed, exitCode } = await execa('cc', args, { reject: false });
  if (exitCode === undefined) throw new NotRun('there is no C compiler (cc)');
  if (failed) throw new NotRun('the C compiler finds no headers of libbz2 and zlib');
  return program;
}
