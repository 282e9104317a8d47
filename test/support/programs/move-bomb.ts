import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { moveUnit } from '../../../src/pipeline/unit/move-unit.js';
import { createProcessResources } from '../../../src/flow/process-resources.js';
import { compressAll } from '../corpora/bzip2-references.js';
import { bzip2Crc, writeStream } from '../corpora/bzip2-writer.js';
import { MemoryMigration, smallDefinition } from '../fakes/memory-migration.js';

/** A block of level 9 that consists of runs: 5 bytes stand for 259. */
export const bombBlockBytes = 259 * 180_000;

/** A unit of one blob that is a bomb of this many blocks, and the limits that differ from the defaults. */
export interface BombMove {
  readonly blocks: number;
  readonly limits?: { readonly blobBytes?: number; readonly unitBytes?: number; readonly expansion?: number };
}

/** The outcome of a {@link BombMove}. */
export interface MovedBomb {
  readonly blobBytes: number;
  readonly state: string;
  readonly class?: string;
  readonly rawBytes: number;
  /** What the decoder produced, whether or not it was published. */
  readonly movedBytes: number;
  readonly objects: number;
  /** The length of the unpacked object, after gzip has checked its checksum and length. */
  readonly unpackedBytes: number;
  /**
   * The peak of resident memory while the unit was moved, beyond that of the same process at rest after an ordinary
   * unit.
   */
  readonly grownBytes: number;
}

/**
 * Moves a bomb as a worker does, from a source to a target in memory, and measures this process. Needs a process of its
 * own, started with `--expose-gc`.
 */
export default async function moveBomb({ blocks, limits = {} }: BombMove): Promise<MovedBomb> {
  const crc = bzip2Crc(new Uint8Array(bombBlockBytes).fill(0xff));
  const block = { content: { stored: new Uint8Array(900_000).fill(0xff), crc } };
  const bomb = writeStream(
    9,
    Array.from({ length: blocks }, () => block),
  );
  const transform = { decompress: 'bzip2', crossCheck: { decode: 1 / 10_000, encode: 1 } } as const;
  // As large as a block can be, so that the decoder of the process at rest has grown to its full size.
  const [ordinary] = compressAll([{ level: 9, bytes: randomBytes(880_000) }]);
  const migration = new MemoryMigration({ units: 2, definition: smallDefinition({ transform, limits }) });
  migration.addBlob(0, 'bomb.bz2', bomb);
  migration.addBlob(1, 'ordinary.bz2', ordinary!);
  const resources = createProcessResources({});
  const watch = { highest: 0, movedBytes: 0, pieces: 0 };
  const move = (unit: number) =>
    moveUnit({
      unit: migration.units[unit]!,
      resources: migration.resources,
      process: resources,
      askFirst: false,
      moved: (bytes) => {
        watch.movedBytes += bytes;
        // Every 8 MiB: asking takes longer than decoding a piece.
        watch.pieces += 1;
        if (watch.pieces % 64 === 0) watch.highest = Math.max(watch.highest, process.memoryUsage.rss());
      },
      buildInfo: 'longhaul',
      signal: new AbortController().signal,
    });
  // What is loaded and compiled once is not part of the cost of a bomb.
  await move(1);
  migration.target.objects.clear();
  globalThis.gc?.();
  const resting = process.memoryUsage.rss();
  watch.highest = resting;
  watch.movedBytes = 0;
  const receipt = await move(0);
  const { highest, movedBytes } = watch;
  const object = migration.target.objects.get('orders/unit-0.gz');
  return {
    blobBytes: bomb.length,
    state: receipt.state,
    ...(receipt.class === undefined ? {} : { class: receipt.class }),
    rawBytes: receipt.bytes.raw,
    movedBytes,
    objects: migration.target.objects.size,
    unpackedBytes: object === undefined ? 0 : await unpackedBytes(object.bytes),
    grownBytes: highest - resting,
  };
}

async function unpackedBytes(packed: Uint8Array): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write: (piece: Uint8Array, _encoding, done) => {
      bytes += piece.length;
      done();
    },
  });
  await pipeline(Readable.from([packed]), createGunzip({ chunkSize: 1024 * 1024 }), count);
  return bytes;
}
