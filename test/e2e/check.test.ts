import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Probe } from '../../src/domain/probe.js';
import { writeStream } from '../support/corpora/bzip2-writer.js';
import { azureService, s3Client } from '../support/migrations/generated-migration.js';
import { tenantYaml } from '../support/migrations/tenant-yaml.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { listKeys } from '../support/programs/target-objects.js';

const bucket = 'check-bucket';

interface CheckDocument {
  readonly verdict: string;
  readonly units: { readonly total: number } | null;
  readonly probes: readonly (Probe & { readonly from: readonly string[] })[];
}

describe('check looks at everything before anything moves', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const container = azureService(stack, 'prodeast').getContainerClient('check-events');
    await container.createIfNotExists();
    const whole = writeStream(9, [{ content: Buffer.from('one line\n') }]);
    for (const tenant of ['acme', 'bolt']) {
      await container.getBlockBlobClient(`${tenant}/2019-07/1.json.bz2`).uploadData(whole);
    }
  });
  afterAll(() => {
    s3.destroy();
  });

  async function writeFiles(name: string, change: (yaml: string) => string = (yaml) => yaml): Promise<string> {
    const directory = await mkdtemp(join(stack.stateDir, 'check-'));
    const path = join(directory, 'migration.yaml');
    await writeFile(path, change(migrationYaml(name)));
    await writeFile(join(directory, 'units.csv'), 'tenant,month\nacme,2019-07\nbolt,2019-07\n');
    return path;
  }

  async function check(path: string) {
    const run = await runLonghaulJson<CheckDocument>(['check', path], stack.environment);
    return { ...run, of: (id: string) => run.document.probes.find((probe) => probe.id === id) };
  }

  it('finds nothing wrong when nothing is, and leaves nothing behind', async () => {
    const { exitCode, document, stderr, of } = await check(await writeFiles('check-good'));
    expect(document.probes.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect({ exitCode, units: document.units?.total }, stderr).toEqual({ exitCode: 0, units: 2 });
    expect(of('source/east/credential')).toMatchObject({ verdict: 'warning', from: ['worker'] });
    expect(of('source/east/list')?.message).toBe('2 blobs of units acme/2019-07, bolt/2019-07 found');
    expect(of('source/east/read')?.message).toBe('east/check-events/acme/2019-07/1.json.bz2 can be read; it is bzip2');
    expect(of('target/complete-if-absent')).toMatchObject({ verdict: 'ok', from: ['here', 'worker'] });
    expect(of('temporal/workers')).toMatchObject({ verdict: 'ok' });
    expect(await listKeys(s3, bucket)).toEqual([]);
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
  });

  it('finds a wrong credential, a missing container and a missing bucket at once, and exits with 2', async () => {
    const account = (name: string, credential: string): string =>
      `  ${name}:\n    endpoint: ${endpoint()}\n    credential: ${credential}\n`;
    const path = await writeFiles('check-bad', (yaml) =>
      yaml
        .replace('accounts:\n', `accounts:\n${account('wrong', 'prodwest-key')}${account('unset', 'forgotten')}`)
        .replace('container: check-events', 'container: check-absent')
        .replace('find:\n', "find:\n  - account: wrong\n    container: check-events\n    prefix: '{{ tenant }}/'\n")
        .replace(`bucket: ${bucket}`, 'bucket: check-no-bucket'),
    );
    const { exitCode, document, of } = await check(path);
    expect(exitCode).toBe(2);
    expect(document.verdict).toBe('failed');
    expect(of('source/wrong/list')).toMatchObject({ verdict: 'failed', class: 'SourceForbidden' });
    expect(of('source/unset/credential')).toMatchObject({
      ...{ verdict: 'failed', class: 'ConfigError/Credential' },
      message: expect.stringContaining('LONGHAUL_CREDENTIAL_FORGOTTEN'),
    });
    expect(of('source/east/list')).toMatchObject({
      ...{ verdict: 'failed', class: 'SourceMissing' },
      message: expect.stringContaining('check-absent'),
    });
    expect(of('target/bucket')).toMatchObject({ verdict: 'failed', class: 'TargetMissing', from: ['here', 'worker'] });
    expect(JSON.stringify(document)).not.toMatch(/AccountKey|sig=/);
  });

  it('still looks at the file and the target when Temporal cannot be reached, and exits with 6', async () => {
    const path = await writeFiles('check-alone');
    const environment = { ...stack.environment, TEMPORAL_ADDRESS: '127.0.0.1:9' };
    const { exitCode, stdout, stderr } = await runLonghaul(['check', path], environment);
    expect(exitCode, stderr).toBe(6);
    expect(stdout).toMatch(/ok +units of units\.csv: 2 units/);
    expect(stdout).toMatch(/not checked +the source accounts: Temporal cannot be reached/);
    expect(stdout).toMatch(/ok +If-None-Match on put: a second put of a key is refused/);
    expect(stdout).toMatch(/failed +Temporal: .*127\.0\.0\.1:9/);
  });

  const endpoint = (): string => azureService(stack, 'prodeast').url.replace(/\/$/, '');

  function migrationYaml(name: string): string {
    return tenantYaml(stack, { name, container: 'check-events', bucket });
  }
});
