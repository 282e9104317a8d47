import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { writeStream } from '../support/corpora/bzip2-writer.js';
import { azureService, s3Client } from '../support/migrations/generated-migration.js';
import { tenantYaml } from '../support/migrations/tenant-yaml.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';
import { listKeys } from '../support/programs/target-objects.js';

const bucket = 'bad-input-bucket';

/** One mistake, and what the user is told: the exit status, and words in the one message. */
interface BadInput {
  readonly title: string;
  readonly change?: (yaml: string) => string;
  readonly units?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly exitCode: number;
  readonly says: readonly RegExp[];
}

const units = 'tenant,month\nacme,2019-07\nbolt,2019-08\n';
const closedPort = 'http://127.0.0.1:9';

const badInputs: readonly BadInput[] = [
  {
    title: 'a YAML error',
    change: (yaml) => yaml.replace('order: name', 'order: [name'),
    exitCode: 2,
    says: [/migration\.yaml:\d+:\d+/],
  },
  {
    title: 'an unknown field',
    change: (yaml) => yaml.replace('whenEmpty:', 'whenEmty:'),
    exitCode: 2,
    says: [/migration\.yaml:\d+:\d+/, /whenEmty/, /whenEmpty/],
  },
  {
    title: 'a template that is no Liquid',
    change: (yaml) => yaml.replace('{{ tenant }}/{{ month }}.json.gz', '{{ tenant }/{{ month }}.json.gz'),
    exitCode: 2,
    says: [/migration\.yaml:\d+:\d+/, /target\.key/],
  },
  {
    title: 'a filter that does not exist',
    change: (yaml) => yaml.replace('{{ tenant }}/{{ month }}.json.gz', '{{ tenant | shout }}/{{ month }}.json.gz'),
    exitCode: 2,
    says: [/shout/],
  },
  {
    title: 'a column that the units file lacks',
    change: (yaml) => yaml.replace("prefix: '{{ tenant }}/", "prefix: '{{ tennant }}/"),
    exitCode: 2,
    says: [/tennant/, /tenant/],
  },
  {
    title: 'an id that occurs twice',
    units: `${units}acme,2019-07\n`,
    exitCode: 2,
    says: [/acme\/2019-07/, /units\.csv/],
  },
  {
    title: 'two units with one key',
    change: (yaml) => yaml.replace('{{ tenant }}/{{ month }}.json.gz', 'all.json.gz'),
    exitCode: 2,
    says: [/all\.json\.gz/, /key/i],
  },
  {
    title: 'a key that is not portable',
    change: (yaml) => yaml.replace('{{ tenant }}/{{ month }}.json.gz', '../{{ tenant }}/{{ month }}.json.gz'),
    exitCode: 2,
    says: [/\.\./, /key/i],
  },
  {
    title: 'an account that is not among `accounts`',
    change: (yaml) => yaml.replace('account: east', 'account: nowhere'),
    exitCode: 2,
    says: [/nowhere/, /east/],
  },
  { title: 'no units', units: 'tenant,month\n', exitCode: 2, says: [/units\.csv/] },
  {
    title: 'a target bucket that is not there',
    change: (yaml) => yaml.replace(bucket, 'no-such-bucket'),
    exitCode: 2,
    says: [/no-such-bucket/],
  },
  {
    title: 'an S3 server that cannot be reached',
    change: (yaml) => yaml.replace(/endpoint: \S+ # target/, `endpoint: ${closedPort}`),
    exitCode: 6,
    says: [/127\.0\.0\.1:9/],
  },
  {
    title: 'a Temporal server that cannot be reached',
    environment: { TEMPORAL_ADDRESS: '127.0.0.1:9' },
    exitCode: 6,
    says: [/127\.0\.0\.1:9/, /dev up/],
  },
  {
    title: 'a credential that the workers do not have',
    change: (yaml) => yaml.replace('credential: prodeast-key', 'credential: forgotten'),
    exitCode: 2,
    says: [/LONGHAUL_CREDENTIAL_FORGOTTEN/],
  },
  {
    title: 'a credential of another account',
    change: (yaml) => yaml.replace('credential: prodeast-key', 'credential: prodwest-key'),
    exitCode: 2,
    says: [/SourceForbidden|SourceAuth/, /east\/bad-input/, /next: /],
  },
  {
    title: 'a source account that cannot be reached',
    change: (yaml) => yaml.replace(/endpoint: \S+ # source/, `endpoint: ${closedPort}/prodeast`),
    exitCode: 6,
    says: [/east\/bad-input/, /127\.0\.0\.1:9/, /next: /],
  },
];

describe('bad input gets one clear error before anything moves', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const container = azureService(stack, 'prodeast').getContainerClient('bad-input');
    await container.createIfNotExists();
  });
  afterAll(() => {
    s3.destroy();
  });

  it.each(badInputs)(
    '$title',
    async ({ title, change = (yaml) => yaml, units: text = units, environment, exitCode, says }) => {
      const name = `bad-${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 40).replace(/-$/, '');
      const directory = await mkdtemp(join(stack.stateDir, 'bad-'));
      const path = join(directory, 'migration.yaml');
      const yaml = change(migrationYaml(name));
      if (change(migrationYaml(name)) === migrationYaml(name) && text === units && environment === undefined) {
        throw new Error('the row changes nothing');
      }
      await writeFile(path, yaml);
      await writeFile(join(directory, 'units.csv'), text);

      const run = await runLonghaul(['start', path, '--watch'], { ...stack.environment, ...environment });

      expect(run.exitCode, run.stderr).toBe(exitCode);
      for (const pattern of says) expect(run.stderr).toMatch(pattern);
      expect(run.stderr).not.toMatch(/^\s+at /m);
      expect(run.stderr.match(/^ +next:/gim)?.length ?? 0, run.stderr).toBeLessThanOrEqual(1);
      expect(run.stderr).not.toMatch(/AccountKey=|sig=/);
      const keys = await listKeys(s3, bucket);
      expect(keys.filter((key) => !key.startsWith('.longhaul/'))).toEqual([]);
      expect(keys.filter((key) => key.includes(`/${name}/`) && key.includes('/ledger/'))).toEqual([]);
    },
  );

  describe('decode says of a blob at its source what a migration would', () => {
    const text = 'one line\nanother line\n';
    const whole = writeStream(9, [{ content: Buffer.from(text) }]);
    const damaged = Buffer.concat([whole, Buffer.from(whole).fill(0, 10, 14)]);
    const secret = /AccountKey=(?<key>[^;]+)/.exec(stack.environment['LONGHAUL_CREDENTIAL_PRODEAST'] ?? '')?.groups?.[
      'key'
    ];
    let migration: string;

    beforeAll(async () => {
      const container = azureService(stack, 'prodeast').getContainerClient('bad-input');
      await container.getBlockBlobClient('decode/a b%20c.bz2').uploadData(whole);
      await container.getBlockBlobClient('decode/damaged.bz2').uploadData(damaged);
      migration = join(await mkdtemp(join(stack.stateDir, 'decode-')), 'migration.yaml');
      await writeFile(migration, migrationYaml('decode-alone'));
    });

    async function decode(blob: string, more: readonly string[] = [], environment = {}) {
      const args = ['decode', `az://east/bad-input/decode/${blob}`, '--migration', migration, ...more];
      const run = await runLonghaul(args, { ...stack.environment, ...environment });
      expect(secret).toMatch(/.{20}/);
      expect(run.stdout + run.stderr).not.toContain(secret);
      expect(run.stderr).not.toMatch(/AccountKey=|sig=/);
      return run;
    }

    it('a whole one: its bytes, and status 0', async () => {
      const { exitCode, stdout, stderr } = await decode('a b%20c.bz2');
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: text.trimEnd() });
      expect(stderr).toMatch(/whole bzip2, 1 stream;/);
    });

    it('a damaged one: class, stream, block and byte offset, and status 1', async () => {
      const output = join(stack.stateDir, 'decoded');
      const { exitCode, stdout } = await decode('damaged.bz2', ['--json', '-o', output, '--debug']);
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        ...{ verdict: 'refused', class: 'CorruptInput/BlockCrc', blob: 'east/bad-input/decode/damaged.bz2' },
        ...{ stream: 2, block: 1, offset: whole.length + 4 },
        message: expect.stringContaining('unbzip2-stream refuses it too'),
      });
      expect(existsSync(output)).toBe(false);
    });

    it('one that is not there, an account that refuses or cannot be reached: status 1, 2 and 6', async () => {
      expect(await decode('absent.bz2')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('SourceMissing'),
      });
      const ofWest = stack.environment['LONGHAUL_CREDENTIAL_PRODWEST_KEY_FILE'];
      const other = { LONGHAUL_CREDENTIAL_PRODEAST_KEY_FILE: ofWest };
      expect(await decode('damaged.bz2', [], other)).toMatchObject({ exitCode: 2 });
      await writeFile(
        migration,
        migrationYaml('decode-alone').replace(/endpoint: \S+ # source/, `endpoint: ${closedPort}/prodeast`),
      );
      expect(await decode('damaged.bz2')).toMatchObject({
        exitCode: 6,
        stderr: expect.stringContaining('127.0.0.1:9'),
      });
    });
  });

  function migrationYaml(name: string): string {
    return tenantYaml(stack, { name, container: 'bad-input', bucket });
  }
});
