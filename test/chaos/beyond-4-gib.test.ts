import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { createProcessResources } from '../../src/flow/process-resources.js';
import { moveUnit } from '../../src/pipeline/unit/move-unit.js';
import { bzip2Crc, writeStream } from '../support/corpora/bzip2-writer.js';
import { MemoryMigration, smallDefinition } from '../support/fakes/memory-migration.js';

it('a unit of more than 4 GiB raw becomes one gzip member that other programs can read', async () => {
  // A full block of level 9 that consists of runs: 5 bytes stand for 259.
  const blockBytes = 259 * 180_000;
  const crc = bzip2Crc(new Uint8Array(blockBytes).fill(0xff));
  const block = { content: { stored: new Uint8Array(900_000).fill(0xff), crc } };
  const half = writeStream(
    9,
    Array.from({ length: 47 }, () => block),
  );
  const rawBytes = 94 * blockBytes;
  expect(rawBytes).toBeGreaterThan(2 ** 32);
  const migration = new MemoryMigration({
    units: 1,
    definition: smallDefinition({
      transform: { decompress: 'bzip2', level: 'fast', crossCheck: { decode: 0, encode: 1 } },
      limits: { expansion: 1e9 },
    }),
  });
  migration.addBlob(0, 'a', half);
  migration.addBlob(0, 'b', half);
  const receipt = await moveUnit({
    unit: migration.unit,
    resources: migration.resources,
    process: createProcessResources({}),
    askFirst: false,
    moved: () => undefined,
    buildInfo: 'longhaul test',
    signal: new AbortController().signal,
  });
  expect(receipt).toMatchObject({ state: 'done', bytes: { raw: rawBytes } });

  const object = migration.target.objects.get('orders/unit-0.gz')!;
  expect(rawBytes / object.bytes.length).toBeGreaterThan(100);
  // Node's gunzip checks the CRC-32 and, modulo 4 GiB, the length.
  const unpacked = Readable.from([object.bytes]).pipe(createGunzip());
  let unpackedBytes = 0;
  unpacked.on('data', (piece: Buffer) => {
    unpackedBytes += piece.length;
  });
  await once(unpacked, 'end');
  expect(unpackedBytes).toBe(rawBytes);
});
