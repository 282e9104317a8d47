import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePortBase } from '../../../test/support/servers/free-port-base.js';
import { accountKey } from '../servers/start-stores.js';
import { migrationYaml } from './migration-yaml.js';
import type { Row, Scene } from './row.js';
import { runProgram } from './run-program.js';

/** Longhaul itself with everything that it needs: Temporal, workers and the command line are started and counted. */
export const longhaulRows: readonly Row[] = [
  longhaulRow('longhaul', 'Longhaul', 'standard'),
  longhaulRow('longhaul-fast', 'Longhaul, level fast', 'fast'),
];

function longhaulRow(name: string, title: string, level: string): Row {
  return {
    ...{ name, title, kind: 'longhaul', result: 'objects', files: [], secondsPerUnit: 0.035 },
    ...(level === 'standard' ? { killedUnits: 500 } : { unitsMax: 2_500 }),
    prepare: async () => ({
      dependencies: await installedPackages(),
      run: async (scene) => {
        const migration = join(scene.folder, 'migration.yaml');
        await writeFile(migration, migrationYaml(scene, level));
        const ports = await portBase(scene.folder);
        const stack = ['--state-dir', join(scene.folder, 'stack')];
        const own = { ...scene, environment: longhaulEnvironment(scene, ports) };
        await longhaul(['dev', 'up', '--no-stores', ...stack, '--port-base', String(ports)], own);
        scene.phase('start Temporal and workers');
        // After a kill the migration is still there, and this attaches to it.
        await longhaul(['start', migration, '--watch'], own);
        scene.done();
        scene.phase('move');
        await longhaul(['dev', 'down', ...stack], own);
        scene.phase('stop everything');
      },
    }),
  };
}

/** Returns the ports of the stack of a run, which are the same after a kill. */
async function portBase(folder: string): Promise<number> {
  const path = join(folder, 'ports');
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known !== undefined) return Number(known);
  const base = await freePortBase();
  await writeFile(path, String(base));
  return base;
}

function longhaulEnvironment({ environment }: Scene, ports: number): Scene['environment'] {
  return {
    ...environment,
    LONGHAUL_CREDENTIAL_BENCH: accountKey,
    LONGHAUL_ALLOW_INSECURE_ENDPOINTS: '1',
    TEMPORAL_ADDRESS: `127.0.0.1:${String(ports)}`,
  };
}

function longhaul(args: readonly string[], scene: Pick<Scene, 'folder' | 'environment'>): Promise<void> {
  return runProgram(process.execPath, [resolve('dist/client.js'), ...args], scene);
}

/** Returns the number of packages that an installation of Longhaul brings, and Temporal's program. */
async function installedPackages(): Promise<number> {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
  };
  const entries = Object.entries(lock.packages);
  return entries.filter(([path, { dev, optional }]) => path !== '' && dev !== true && optional !== true).length + 1;
}
