import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { useBzip2 } from '../support/corpora/bzip2.js';
import { blocksRunBy } from '../support/documents/command-blocks.js';
import { azureService, generateMigration, type GeneratedMigration } from '../support/migrations/generated-migration.js';
import { runLonghaul } from '../support/programs/longhaul-program.js';

describe('the nightly script of the documents', () => {
  const stack = inject('stack');
  const bzip2 = useBzip2();
  let migration: GeneratedMigration;

  beforeAll(async () => {
    migration = await generateMigration(stack, 'nightly', { units: 10, bigUnitRawBytes: 0 });
    const text = await readFile(migration.migrationPath, 'utf8');
    await writeFile(migration.migrationPath, text.replace('\ntarget:\n', '\ntarget:\n  overwrite: changed\n'));
    const first = await runLonghaul(['start', migration.migrationPath, '--watch'], stack.environment);
    expect(first, first.stderr).toMatchObject({ exitCode: 0 });
  });

  async function night(): Promise<string> {
    const script = blocksRunBy(import.meta.filename)
      .join('')
      .replaceAll('/etc/longhaul/orders', migration.directory)
      .replaceAll(/^longhaul /gm, `${process.execPath} ${new URL('../../dist/client.js', import.meta.url).pathname} `);
    const { exitCode, all } = await execa('sh', ['-eu', '-c', script], {
      ...{ env: stack.environment, stdin: 'ignore', all: true, reject: false },
    });
    expect(exitCode, all).toBe(0);
    return all;
  }

  it('moves in each night what has changed since the one before, and nothing else', async () => {
    const [changed] = migration.expected[3]!.wantedBlobNames;
    const container = azureService(stack, `prod${changed!.account}`).getContainerClient(changed!.container);
    await container.getBlockBlobClient(changed!.name).uploadData(await bzip2('changed by day\n'));

    expect(await night()).toContain('10 of 10 (100.0 %): 10 done, of these 9 found; 0 empty; 0 failed in this round');
    const second = await night();
    expect(second).toContain('10 of 10 (100.0 %): 10 done, of these 10 found; 0 empty; 0 failed in this round');
    expect(second).toContain('(round 2)');
  });
});
