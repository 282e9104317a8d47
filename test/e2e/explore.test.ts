import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { azureService, s3Client } from '../support/migrations/generated-migration.js';
import { daysFrom, hexDigits, numbersTo } from '../support/migrations/listed-names.js';
import { runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObject } from '../support/programs/target-objects.js';

const bucket = 'explored-bucket';
const regions = ['eu', 'us'];
const days = daysFrom('2024-02-28', 4).filter(([, , day]) => day !== '29');

/** What the test reads of the document. */
interface ExploredDocument {
  readonly blobs: number;
  readonly containers: readonly { readonly name: string }[];
  readonly shapes: readonly { readonly shape: string; readonly columns: readonly string[]; readonly yaml: string }[];
  readonly units: { readonly units: number } | null;
}

describe('exploring an account of the local stack', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  let directory: string;
  let accountsFile: string;

  const textOf = (region: string, day: string, part: number): string => `${region} ${day} ${String(part)}\n`;

  beforeAll(async () => {
    directory = await mkdtemp(join(stack.stateDir, 'explore-'));
    accountsFile = join(directory, 'accounts.yaml');
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const service = azureService(stack, 'prodeast');
    const container = service.getContainerClient('explored');
    await container.createIfNotExists();
    await service.getContainerClient('explored-empty').createIfNotExists();
    for (const region of regions) {
      for (const [y, m, d] of days) {
        for (const part of numbersTo(3)) {
          const folder = `${region}/${y}/${m}/${d}/${hexDigits(Number(d) * 3 + part, 4)}`;
          const body = gzipSync(textOf(region, `${y}-${m}-${d}`, part));
          await container.getBlockBlobClient(`${folder}/part-${String(part)}.gz`).uploadData(body);
        }
      }
    }
    await container.getBlockBlobClient('README.md').uploadData(Buffer.from('# Events\n'));
    const sections = 'units: { from: units.csv }\nfind: [{ account: east, container: c, prefix: "" }]';
    await writeFile(accountsFile, migrationYaml(sections, ['nobody']));
  });
  afterAll(() => {
    s3.destroy();
  });

  it('proposes a migration file and writes a units file with which the migration moves everything', async () => {
    const units = join(directory, 'units.csv');
    const args = ['explore', 'az://east/explored', '--migration', accountsFile, '--units', units];
    const explored = await runLonghaulJson<ExploredDocument>(args, stack.environment);
    expect(explored, explored.stderr).toMatchObject({ exitCode: 0, document: { blobs: 19, units: { units: 6 } } });
    const [shape, stray] = explored.document.shapes;
    expect(shape).toMatchObject({
      shape: 'explored/{eu|us}/{yyyy}/{MM}/{dd}/{hash:4}/part-{n}.gz',
      dates: { first: '2024-02-28', last: '2024-03-02', missing: 1, firstMissing: ['2024-02-29'] },
      formats: ['gzip'],
      columns: ['folder', 'date'],
    });
    expect(stray).toMatchObject({ shape: 'explored/README.md', blobs: 1, formats: ['text'] });
    expect((await readFile(units, 'utf8')).split('\n').slice(0, 2)).toEqual(['folder,date', 'eu,2024-02-28']);

    const file = join(directory, 'migration.yaml');
    await writeFile(file, migrationYaml(shape?.yaml.replace(units, 'units.csv') ?? ''));
    const run = await runLonghaulJson<{ units: object }>(['start', file, '--watch'], stack.environment);
    expect(run, run.stderr).toMatchObject({ exitCode: 0, document: { units: { total: 6, done: 6, failed: 0 } } });
    const { bytes } = await readObject(s3, bucket, 'explored/us/2024-03-01.gz');
    const parts = gunzipSync(bytes).toString().trimEnd().split('\n').sort();
    expect(parts).toEqual(numbersTo(3).map((part) => textOf('us', '2024-03-01', part).trimEnd()));
  });

  // All containers of an account are explored by contract tests alone: other tests here count the reads in theirs.
  it('reports an empty container, and which credential is refused', async () => {
    const empty = await runLonghaulJson<ExploredDocument>(
      ['explore', 'az://east/explored-empty', '--migration', accountsFile],
      stack.environment,
    );
    expect(empty.document.containers).toEqual([expect.objectContaining({ name: 'explored-empty', blobs: 0 })]);
    const refused = await runLonghaulJson<{ error: { message: string; class: string } }>(
      ['explore', 'az://nobody', '--migration', accountsFile],
      stack.environment,
    );
    expect(refused).toMatchObject({
      exitCode: 2,
      document: {
        error: { class: 'ConfigError/Credential', message: expect.stringContaining('account nobody') as string },
      },
    });
  });

  function migrationYaml(sections: string, moreAccounts: readonly string[] = []): string {
    const endpoint = azureService(stack, 'prodeast').url.replace(/\/$/, '');
    return [
      'version: 1',
      'name: explored',
      'accounts:',
      `  east: { endpoint: "${endpoint}", credential: prodeast }`,
      ...moreAccounts.map((name) => `  ${name}: { endpoint: "${endpoint}", credential: ${name} }`),
      `target: { bucket: ${bucket}, key: "explored/{{ unit.id }}.gz", endpoint: "${stack.s3Endpoint}", ` +
        `forcePathStyle: true, region: ${stack.environment['AWS_REGION'] ?? ''} }`,
      sections,
    ].join('\n');
  }
});
