import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { regions } from '../data/work-list.js';
import { accountKey } from '../servers/start-stores.js';
import { pythonEnvironment } from './python-environment.js';
import type { Row, Scene } from './row.js';
import { runProgram } from './run-program.js';

const transfers = '64';

/** rclone copies the same blobs as they are: no units, no unpacking, an object for each blob. */
export const rcloneRows: readonly Row[] = [
  { ...rcloneRow([]), name: 'rclone', title: 'rclone copy, nothing repacked' },
  {
    ...rcloneRow(['--s3-no-head', '--no-check-dest', '--ignore-checksum']),
    ...{ name: 'rclone-unchecked', title: 'rclone copy without its checks', unitsMax: 1_000 },
  },
];

function rcloneRow(options: readonly string[]): Omit<Row, 'name' | 'title'> {
  return {
    ...{ kind: 'baseline', result: 'copies', killedUnits: 200, secondsPerUnit: 0.022 },
    files: [],
    prepare: async (bench) => {
      const { bin } = await pythonEnvironment(bench);
      return {
        dependencies: 1,
        run: async (scene) => {
          const config = join(scene.folder, 'rclone.conf');
          await writeFile(config, remotes(scene));
          const copy = ['copy', 'source:', `target:${scene.stores.bucket}`, '--fast-list', '--transfers', transfers];
          await runProgram(
            join(bin, 'rclone'),
            ['--config', config, ...copy, '--checkers', transfers, ...options],
            scene,
          );
        },
      };
    },
  };
}

/** All containers of all accounts below one remote, whose folders have no slash in their names. */
function remotes({ stores, environment, units }: Scene): string {
  const places = units.flatMap(({ blobs }) =>
    blobs.map(({ region, container }) => `${region}-${container}=${region}:${container}`),
  );
  const upstreams = [...new Set(places)];
  return [
    ...regions.flatMap((region) => [
      `[${region}]`,
      'type = azureblob',
      `account = ${region}`,
      `key = ${accountKey}`,
      `endpoint = ${stores.azure}/${region}`,
    ]),
    ...['[source]', 'type = combine', `upstreams = ${upstreams.join(' ')}`],
    ...['[target]', 'type = s3', 'provider = SeaweedFS', 'storage_class = STANDARD', `endpoint = ${stores.s3}`],
    `access_key_id = ${environment['AWS_ACCESS_KEY_ID'] ?? ''}`,
    `secret_access_key = ${environment['AWS_SECRET_ACCESS_KEY'] ?? ''}`,
    '',
  ].join('\n');
}
