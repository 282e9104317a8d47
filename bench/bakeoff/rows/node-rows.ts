import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationYaml } from './migration-yaml.js';
import { baselines } from './baselines-folder.js';
import type { Row, Scene } from './row.js';
import { runProgram } from './run-program.js';

const processes = 2;

/** Parts of Longhaul without the rest, each in two processes, like Longhaul itself on two cores. */
export const nodeRows: readonly Row[] = [
  {
    ...{ name: 'bare-loop', title: 'the bare loop on our codecs', kind: 'reference', result: 'objects' },
    ...{ files: ['bench/baselines/bare-loop.mjs', 'bench/lib/bare-loop.mjs'], secondsPerUnit: 0.012 },
    prepare: async () => ({ dependencies: 0, run: (scene) => inParts('bare-loop.mjs', [], scene) }),
  },
  {
    ...{ name: 'pipeline', title: 'our pipeline without Temporal and ledger', kind: 'reference', result: 'objects' },
    ...{ files: ['bench/baselines/pipeline.mjs'], unitsMax: 2_000, secondsPerUnit: 0.02 },
    prepare: async () => ({
      dependencies: 0,
      run: async (scene) => {
        const migration = join(scene.folder, 'migration.yaml');
        await writeFile(migration, migrationYaml(scene, 'standard'));
        await inParts('pipeline.mjs', [migration], scene);
      },
    }),
  },
];

async function inParts(program: string, args: readonly string[], scene: Scene): Promise<void> {
  const run = (part: number): Promise<void> =>
    runProgram(process.execPath, [join(baselines, program), ...args, String(part), String(processes)], scene);
  await Promise.all(Array.from({ length: processes }, (_unused, part) => run(part)));
}
