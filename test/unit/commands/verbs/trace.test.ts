import { describe, expect, it } from 'vitest';
import type { LineageDocument } from '../../../../src/commands/trace/lineage-document.js';
import type { Receipt } from '../../../../src/domain/receipt.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { blobsOf, done, failed, runOverRounds } from '../run-over-rounds.js';

const run = (rounds: readonly (readonly Receipt[])[], ...args: string[]) =>
  runOverRounds(rounds, ['trace', 'orders', ...args]);

async function traced(rounds: readonly (readonly Receipt[])[], text: string): Promise<readonly LineageDocument[]> {
  const { out, status, err } = await run(rounds, text, '--json');
  expect(err).toBe('');
  expect(status).toBe(0);
  return (JSON.parse(out) as { units: LineageDocument[] }).units;
}

const oneRound = [
  done(0, { blobs: 2, manifest: blobsOf('a', 'b') }),
  failed(1, { blob: 'east/events/c', manifest: blobsOf('c') }),
  done(2, {
    blobs: 1,
    manifest: blobsOf('b', 'd'),
    skipped: [{ blob: 'east/events/d', class: 'CorruptInput/Truncated', message: 'cut' }],
  }),
  done(3, { blobs: 201 }),
];

describe('trace', () => {
  it.each(['unit-0', 'orders/unit-0.gz', `s3://${smallDefinition().target.bucket}/orders/unit-0.gz`])(
    'shows the object and the blobs of %s',
    async (text) => {
      const [unit, ...others] = await traced([oneRound], text);
      expect(others).toEqual([]);
      expect(unit).toMatchObject({
        ...{ id: 'unit-0', index: 0, key: 'orders/unit-0.gz', state: 'done' },
        object: { url: 's3://archive/orders/unit-0.gz', etag: '"e"', bytes: 20, raw: { bytes: 100 }, round: 0 },
        manifest: { digest: 'a+b', blobs: [{ name: 'a', skipped: null }, { name: 'b' }] },
        rounds: [{ round: 0, state: 'done', etag: '"e"', manifest: 'a+b' }],
      });
    },
  );

  it('shows every object that a source blob went into', async () => {
    for (const text of ['az://east/events/b', 'east/events/b']) {
      expect((await traced([oneRound], text)).map(({ id }) => id)).toEqual(['unit-0', 'unit-2']);
    }
    const { out } = await run([oneRound], 'az://east/events/b');
    expect(out).toContain('az://east/events/b is blob 2 of 2 in s3://archive/orders/unit-0.gz.');
    expect(out).toContain('az://east/events/b is blob 1 of 2 in s3://archive/orders/unit-2.gz.');
  });

  it('says that a blob was skipped, made its unit fail, or has left the manifest', async () => {
    expect((await run([oneRound], 'az://east/events/d')).out).toContain(
      'is blob 2 of 2; it was skipped: CorruptInput/Truncated.',
    );
    expect((await run([oneRound], 'az://east/events/c')).out).toContain(
      'is blob 1 of 1 of the unit, which has no object',
    );
    const rounds = [[failed(0, { blob: 'east/events/x' })], [done(0, { manifest: blobsOf('a') })]];
    expect((await run(rounds, 'az://east/events/x')).out).toContain('az://east/events/x made the unit fail.');
    const left = [[done(0, { blobs: 2, manifest: blobsOf('a', 'b') })], [done(0, { manifest: blobsOf('a') })]];
    expect((await run(left, 'az://east/events/b')).out).toContain('was in an earlier manifest of the unit');
  });

  it('finds a blob of a manifest that is stored beside the ledger', async () => {
    const [unit] = await traced([oneRound], 'az://east/events/many-200');
    expect(unit).toMatchObject({ id: 'unit-3', manifest: { blobs: { length: 201 } } });
    expect((await run([oneRound], 'unit-3')).out).toContain('… and 161 more; --json lists them all');
  });

  it('keeps the object of an earlier round when a later one failed', async () => {
    const rounds = [
      [done(0, { manifest: blobsOf('a'), target: { etag: '"first"', checksum: null, parts: 1 } })],
      [failed(0, { manifest: blobsOf('a', 'b') })],
    ];
    const [unit] = await traced(rounds, 'unit-0');
    expect(unit).toMatchObject({
      state: 'failed',
      object: { etag: '"first"', round: 0 },
      manifest: { digest: 'a' },
      rounds: [
        { round: 0, state: 'done' },
        { round: 1, state: 'failed', class: 'CorruptInput/BlockCrc', message: 'broken' },
      ],
    });
  });

  it('says that a key is that of an earlier round, and shows the object that the unit has now', async () => {
    const rounds = [
      [done(0, { key: 'old/2019/unit-0.gz', manifest: blobsOf('a') })],
      [done(0, { key: 'new/unit-0.gz', manifest: blobsOf('a') })],
    ];
    for (const text of ['old/2019/unit-0.gz', 's3://archive/old/2019/unit-0.gz']) {
      const { out } = await run(rounds, text);
      expect(out).toContain('old/2019/unit-0.gz was its key in round 0; later rounds use another, and leave alone');
      expect(out).toContain('s3://archive/new/unit-0.gz, 20 B');
      expect(out).not.toContain('az://old');
    }
    const [unit] = await traced(rounds, 'old/2019/unit-0.gz');
    expect(unit).toMatchObject({
      key: 'new/unit-0.gz',
      rounds: [{ key: 'old/2019/unit-0.gz' }, { key: 'new/unit-0.gz' }],
    });
  });

  it('shows all rounds of a unit of which only one had the blob', async () => {
    const rounds = [[done(0, { manifest: blobsOf('a') })], [done(0, { blobs: 2, manifest: blobsOf('a', 'b') })]];
    const [unit] = await traced(rounds, 'az://east/events/b');
    expect(unit?.rounds.map(({ manifest }) => manifest)).toEqual(['a', 'a+b']);
  });

  it('refuses what the ledger does not have, and an object of another bucket', async () => {
    expect(await run([oneRound], 'unit-9')).toMatchObject({
      status: 2,
      err: expect.stringContaining('The ledger of the migration orders has no unit, key or source blob unit-9'),
    });
    expect(await run([oneRound], 's3://elsewhere/orders/unit-0.gz')).toMatchObject({
      status: 2,
      err: expect.stringContaining('its objects are below s3://archive/'),
    });
  });
});
