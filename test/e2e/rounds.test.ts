import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { blobReads, sourceRequests } from '../support/servers/access-log.js';
import { useBzip2 } from '../support/corpora/bzip2.js';
import {
  azureService,
  generateMigration,
  s3Client,
  smallBlobs,
  type GeneratedMigration,
} from '../support/migrations/generated-migration.js';
import { runLonghaul, runLonghaulJson } from '../support/programs/longhaul-program.js';
import { readObjects, readReceipts } from '../support/programs/target-objects.js';

interface Figures {
  readonly total: number;
  readonly done: number;
  readonly found: number;
  readonly failed: number;
}

interface Status {
  readonly round: number;
  readonly phase: string;
  readonly units: Figures;
  readonly overall: { readonly units: Figures };
}

describe('the rounds of a migration', () => {
  const stack = inject('stack');
  const s3 = s3Client(stack);
  const bzip2 = useBzip2();
  let migration: GeneratedMigration;

  beforeAll(async () => {
    const damage = new Map([[4, 'block-crc' as const]]);
    migration = await generateMigration(stack, 'rounds', { units: 30, seed: 4, ...smallBlobs, damage });
    const text = await readFile(migration.migrationPath, 'utf8');
    await writeFile(migration.migrationPath, text.replace('\ntarget:\n', '\ntarget:\n  overwrite: changed\n'));
    await appendFile(migration.migrationPath, '\nspeed:\n  heartbeatTimeout: 10s\n');
  });
  afterAll(() => {
    s3.destroy();
  });

  const start = (...options: string[]) =>
    runLonghaulJson<Status>(['start', migration.migrationPath, '--watch', ...options], stack.environment);
  const objects = () => readObjects(s3, migration.bucket, 'units/');
  const unit = (index: number) => migration.expected[index]!;

  const blobClient = ({ account, container, name }: GeneratedMigration['expected'][0]['wantedBlobNames'][0]) =>
    azureService(stack, `prod${account}`).getContainerClient(container).getBlockBlobClient(name);

  async function putBlob(index: number, content: Uint8Array): Promise<Buffer> {
    const client = blobClient(unit(index).wantedBlobNames[0]!);
    const before = await client.downloadToBuffer();
    await client.uploadData(content);
    return before;
  }

  it('move only what is new, changed or has failed; figures over all rounds count each unit once', async () => {
    const [header = '', ...lines] = (await readFile(migration.unitsPath, 'utf8')).trimEnd().split('\n');
    const useLines = (kept: readonly string[]) => writeFile(migration.unitsPath, `${[header, ...kept].join('\n')}\n`);
    const all = lines.length;
    await useLines(lines.slice(0, all - 3));

    const first = await start();
    expect(first, first.stderr).toMatchObject({ exitCode: 3 });
    expect(first.document).toMatchObject({ round: 0, units: { total: all - 3, done: all - 4, failed: 1 } });
    const afterFirst = await objects();

    // Unit 0 changes at its source, unit 3 loses a blob, unit 5 gets another, unit 4 is repaired, unit 1 leaves the
    // file, and three units are added.
    await putBlob(0, await bzip2('changed\n'));
    await blobClient(unit(3).wantedBlobNames.at(-1)!).delete();
    const { name, ...place } = unit(5).wantedBlobNames.at(-1)!;
    const added = blobClient({ ...place, name: name.replace('.json.bz2', '-late.json.bz2') });
    await added.uploadData(await bzip2('late\n'));
    for (const { account, container, name } of unit(4).wantedBlobNames) {
      await blobClient({ account, container, name }).uploadData(await bzip2('repaired\n'));
    }
    await useLines(lines.filter((_, index) => index !== 1));
    const readsBefore = blobReads(sourceRequests(stack)).length;
    const second = await start('--again');
    expect(second, second.stderr).toMatchObject({ exitCode: 0 });
    expect(second.document).toMatchObject({
      ...{ round: 1, phase: 'completed' },
      units: { total: all - 1, done: all - 1, found: all - 8, failed: 0 },
      overall: { units: { total: all, done: all, found: all - 8, failed: 0 } },
    });
    const moved = new Set([0, 3, 4, 5, all - 3, all - 2, all - 1]);
    const unmoved = new Set(
      migration.expected
        .filter((_, index) => !moved.has(index))
        .flatMap((each) => each.wantedBlobNames.map((blob) => `/prod${blob.account}/${blob.container}/${blob.name}`)),
    );
    const reads = blobReads(sourceRequests(stack)).slice(readsBefore);
    expect(reads.filter((path) => unmoved.has(path))).toEqual([]);
    const afterSecond = await objects();
    expect(afterSecond.get(unit(0).key)?.sha256).not.toBe(afterFirst.get(unit(0).key)?.sha256);
    expect(afterSecond.get(unit(1).key)).toEqual(afterFirst.get(unit(1).key));
    expect(afterSecond.size).toBe(all);
    for (const index of [0, 3, 5])
      expect(afterSecond.get(unit(index).key)?.sha256).not.toBe(afterFirst.get(unit(index).key)?.sha256);
    const receipts = await readReceipts(s3, migration.bucket, 'rounds', 1);
    const compared = new Map(receipts.map(({ index, compared }) => [Number(index), compared]));
    expect(compared.get(2)).toMatchObject({ earlier: { manifest: expect.any(String) as string }, proof: 'receipt' });
    expect(compared.get(3)).toMatchObject({ earlier: { manifest: expect.any(String) as string } });
    expect(compared.get(3)).not.toHaveProperty('proof');
    expect(compared.get(all - 1)).toBeUndefined();
    const indexes = receipts.map(({ index }) => Number(index));
    expect(indexes.sort((a, b) => a - b)).toEqual(lines.map((_, index) => index).filter((index) => index !== 1));

    // A round that has ended is only reported. The file now belongs to the newest round.
    expect((await start()).document).toMatchObject({ round: 1, phase: 'completed' });
    expect(await readReceipts(s3, migration.bucket, 'rounds', 2)).toEqual([]);

    // Unit 2 breaks, fails in the third round, and is moved again by a fourth round that has nothing else.
    const whole = await putBlob(2, Buffer.from('BZh9 no more'));
    const third = await start('--again');
    expect(third.document).toMatchObject({
      ...{ round: 2, phase: 'completed-with-failures', units: { total: all - 1, done: all - 2, failed: 1 } },
      overall: { units: { total: all, done: all - 1, failed: 1 } },
    });
    expect((await objects()).get(unit(2).key)).toEqual(afterSecond.get(unit(2).key));
    await putBlob(2, whole);
    const retried = await runLonghaul(['retry', 'rounds'], stack.environment);
    expect(retried, retried.stderr).toMatchObject({ exitCode: 0 });
    expect(retried.stdout).toContain('Started round 3 of the migration rounds: 1 units.');
    const watched = await runLonghaulJson<Status>(['watch', 'rounds'], stack.environment);
    expect(watched.document).toMatchObject({
      ...{ round: 3, phase: 'completed', units: { total: 1, done: 1, failed: 0 } },
      overall: { units: { total: all, done: all, failed: 0 } },
    });
    const status = await runLonghaulJson<Status>(['status', migration.migrationPath], stack.environment);
    expect(status.document.overall).toEqual(watched.document.overall);
    const last = (await objects()).get(unit(2).key);
    expect(last).toMatchObject({ sha256: afterFirst.get(unit(2).key)?.sha256 });

    // Unit 6 changes: under `never` its object stays and it fails, under `always` it is replaced.
    const under = async (overwrite: string) => {
      const text = await readFile(migration.migrationPath, 'utf8');
      await writeFile(migration.migrationPath, text.replace(/overwrite: \w+/, `overwrite: ${overwrite}`));
      return await start('--again');
    };
    await putBlob(6, await bzip2('changed too\n'));
    const fifth = await under('never');
    expect(fifth.document).toMatchObject({ round: 4, units: { total: all - 1, done: all - 2, failed: 1 } });
    expect((await objects()).get(unit(6).key)).toEqual(afterSecond.get(unit(6).key));
    const sixth = await under('always');
    expect(sixth.document).toMatchObject({ round: 5, phase: 'completed', units: { done: all - 1, found: all - 2 } });
    expect((await objects()).get(unit(6).key)?.sha256).not.toBe(afterSecond.get(unit(6).key)?.sha256);
  });
});
