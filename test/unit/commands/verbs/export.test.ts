import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportLines } from '../../../../src/commands/export/export-lines.js';
import type { BlobRow, UnitRow } from '../../../../src/commands/export/lineage-rows.js';
import type { FoundRound } from '../../../../src/commands/migration/find-round.js';
import type { StorePorts } from '../../../../src/commands/ports/store-ports.js';
import { controlKeys } from '../../../../src/control/control-keys.js';
import type { Receipt, SkippedBlob } from '../../../../src/domain/receipt.js';
import { MemoryControlStore } from '../../../support/fakes/memory-control-store.js';
import { smallDefinition } from '../../../support/fakes/memory-migration.js';
import { base, blobsOf, done, failed, runOverRounds } from '../run-over-rounds.js';

type Rounds = readonly (readonly Receipt[])[];
const run = (rounds: Rounds, args: readonly string[] = [], control?: MemoryControlStore) =>
  runOverRounds(rounds, ['export', 'orders', ...args], control);

async function exported(rounds: Rounds, control?: MemoryControlStore): Promise<readonly (UnitRow | BlobRow)[]> {
  const { status, out, err } = await run(rounds, [], control);
  expect(err).toBe('');
  expect(status).toBe(0);
  return lines(out);
}

const lines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as UnitRow | BlobRow);

/** How long the pieces of text are in which an export of one round comes. */
async function pieceLengths(receipts: readonly Receipt[]): Promise<readonly number[]> {
  const readReceipts: StorePorts['readReceipts'] = async function* () {
    yield receipts;
  };
  const context = { stores: { readReceipts } as StorePorts, signal: new AbortController().signal };
  const staged = { record: { round: 0, definition: smallDefinition() } };
  const found = { control: new MemoryControlStore(), base, staged } as unknown as FoundRound;
  const lengths: number[] = [];
  for await (const text of exportLines(context, found, { format: 'ndjson', counts: { units: 0, blobs: 0 } }))
    lengths.push(text.length);
  return lengths;
}

const cut: SkippedBlob = { blob: 'east/events/b', class: 'CorruptInput/Truncated', message: 'cut' };
const target = (etag: string) => ({ etag, checksum: '+crc==', parts: 1 });
const oneRound = [
  done(0, { blobs: 1, manifest: blobsOf('a', 'b'), skipped: [cut], target: target('"0"') }),
  failed(1, { id: '=1,"2"', blobs: 0, manifest: blobsOf('c') }),
];

describe('export', () => {
  it('writes a line for each unit and each of its blobs, with what is proven in place', async () => {
    const rows = await exported([oneRound]);
    expect(rows).toMatchObject([
      { type: 'unit', unit: 'unit-0', state: 'done', object: 's3://archive/orders/unit-0.gz', objectRound: 0 },
      { type: 'blob', unit: 'unit-0', position: 1, name: 'a', object: 's3://archive/orders/unit-0.gz', skipped: null },
      { type: 'blob', unit: 'unit-0', position: 2, name: 'b', object: null, skipped: 'CorruptInput/Truncated' },
      { type: 'unit', unit: '=1,"2"', state: 'failed', class: 'CorruptInput/BlockCrc', object: null, rawSha256: null },
      { type: 'blob', unit: '=1,"2"', position: 1, name: 'c', object: null, skipped: null },
    ]);
  });

  it('writes the same as one CSV table, and changes no text', async () => {
    const rows = await exported([oneRound]);
    const { out } = await run([oneRound], ['--format', 'csv']);
    const records = parse<Record<string, string>>(out, { columns: true });
    const cells = records.map((record) => Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')));
    const expected = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([, cell]) => cell !== null)
          .map(([name, cell]) => [name, String(cell)]),
      ),
    );
    expect(cells).toEqual(expected);
  });

  it('holds a bounded piece of text, also of units without blobs', async () => {
    const units = Array.from({ length: 2_000 }, (_unused, index) => failed(index, {}));
    const pieces = await pieceLengths(units);
    expect(pieces.length).toBeGreaterThan(5);
    expect(Math.max(...pieces)).toBeLessThan(80_000);
  });

  it('reports each unit once: its newest round, and the object that is in place', async () => {
    const rounds = [
      [
        done(0, { blobs: 1, manifest: blobsOf('a'), target: target('"old"') }),
        done(1, { blobs: 1, manifest: blobsOf('b') }),
      ],
      [
        failed(0, { manifest: blobsOf('a', 'x') }),
        done(1, { blobs: 2, manifest: blobsOf('b', 'c'), target: target('"new"') }),
        failed(2, {}),
      ],
    ];
    const rows = await exported(rounds);
    const units = rows.filter((row) => row.type === 'unit').sort((a, b) => a.index - b.index);
    expect(units).toMatchObject([
      { index: 0, state: 'failed', round: 1, objectRound: 0, objectEtag: '"old"', manifest: 'a' },
      { index: 1, state: 'done', round: 1, objectRound: 1, objectEtag: '"new"', manifest: 'b+c' },
      { index: 2, state: 'failed', round: 1, object: null, objectRound: null },
    ]);
    const blobs = rows.filter((row) => row.type === 'blob').map(({ index, name }) => [index, name]);
    expect(blobs.sort()).toEqual([
      [0, 'a'],
      [1, 'b'],
      [1, 'c'],
    ]);
  });

  it('reads manifests and lists of skipped blobs that are stored beside the ledger', async () => {
    const control = new MemoryControlStore();
    // The receipt counts 200 of 201 blobs, and was too small to name the one that was skipped.
    const receipt = done(3, { blobs: 200, raw: { sha256: 'f'.repeat(64), crc32: '0' } });
    const many: SkippedBlob = { ...cut, blob: 'east/events/many-7' };
    const findings = { format: 1, skipped: [many], notes: [] };
    control.objects.set(controlKeys.findings(base, 3, 'f'.repeat(64)), Buffer.from(JSON.stringify(findings)));
    const rows = await exported([[receipt]], control);
    const blobs = rows.filter((row) => row.type === 'blob');
    expect(blobs).toHaveLength(201);
    expect(blobs.filter(({ object }) => object === null)).toMatchObject([{ name: 'many-7', skipped: cut.class }]);
    expect(rows[0]).toMatchObject({ type: 'unit', blobs: 200, skippedBlobs: 1 });
  });

  it('fails rather than call a blob proven in place that may have been skipped', async () => {
    const { status, err } = await run([[done(3, { blobs: 200 })]]);
    expect(status).not.toBe(0);
    expect(err).toContain('it does not name the blobs that the receipt counts as skipped');
  });

  describe('to a place', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'longhaul-export-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('compresses a file whose name says so, and reports the numbers of lines', async () => {
      const path = join(folder, 'lineage.ndjson.gz');
      const { status, out } = await run([oneRound], ['-o', path, '--json']);
      expect(status).toBe(0);
      expect(JSON.parse(out)).toEqual({ name: 'orders', format: 'ndjson', output: path, units: 2, blobs: 3 });
      expect(lines(gunzipSync(await readFile(path)).toString())).toEqual(await exported([oneRound]));
    });

    it('leaves no file when it fails', async () => {
      for (const name of ['lineage.ndjson', 'lineage.ndjson.gz']) {
        expect((await run([[done(3, { blobs: 200 })]], ['-o', join(folder, name)])).status).not.toBe(0);
        expect(await readdir(folder)).toEqual([]);
      }
    });

    it('writes an object, and refuses one below the control prefix or without a key', async () => {
      const control = new MemoryControlStore();
      const { status } = await run([oneRound], ['-o', 's3://audit/lineage.ndjson'], control);
      expect(status).toBe(0);
      expect(lines(String(control.objects.get('lineage.ndjson')))).toEqual(await exported([oneRound]));
      for (const wrong of ['s3://archive/.longhaul/orders/lineage', 's3://audit']) {
        expect(await run([oneRound], ['-o', wrong])).toMatchObject({ status: 2, out: '' });
      }
    });
  });
});
