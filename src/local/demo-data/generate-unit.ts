import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { cutStreams } from './cut-streams.js';
import { type Damage, damageBlob, damageClasses } from './damage.js';
import type { DemoBlobName, DemoContent, DemoDataOptions } from './demo-data-options.js';
import type { ExpectedUnit } from './expected-unit.js';
import { type DemoUnitPlan, planDemoUnit } from './plan-demo-unit.js';
import { planNeighbours } from './plan-neighbours.js';
import { type SpoiledUnit, spoilUnit } from './spoil-unit.js';
import { writeLogLines } from './write-log-lines.js';

const neighbourRawBytes = 2000;

/** One blob that has yet to be compressed. */
export interface BlobText {
  readonly blob: DemoBlobName;
  /** The text of each bzip2 stream; undefined for a blob that is stored as it is. */
  readonly streams: readonly Buffer[] | undefined;
  /** The whole text. */
  readonly plain: Buffer;
  /** How to spoil the compressed blob; undefined leaves it intact. */
  readonly damage: Damage | undefined;
}

/** One unit whose texts have all been handed over. */
export interface GeneratedUnit {
  readonly plan: DemoUnitPlan;
  readonly expected: ExpectedUnit;
  readonly rawBytes: number;
  readonly neighbours: number;
}

/**
 * Writes the texts of a unit's blobs and of its neighbours and hands them over one by one, waiting for each `store`; at
 * most one text is held here. The digests are those of the selected texts, in the order in which they are joined.
 */
export async function generateUnit(
  options: DemoContent & Pick<DemoDataOptions, 'target'>,
  index: number,
  store: (text: BlobText) => Promise<void>,
): Promise<GeneratedUnit> {
  const damage = options.damage?.get(index);
  const right = planDemoUnit(options, index);
  const { unit, badBlob }: SpoiledUnit =
    damage === undefined ? { unit: right, badBlob: undefined } : spoilUnit(right, damage);
  const sha256 = createHash('sha256');
  let crc = 0;
  let rawBytes = 0;
  for (const blob of unit.blobs) {
    const plain = writeLogLines(options, unit, blob);
    sha256.update(plain);
    crc = crc32(plain, crc);
    rawBytes += plain.length;
    const streams = cutStreams(blob.streams, plain);
    await store({ blob: blobName(blob), streams, plain, damage: blob === badBlob ? damage : undefined });
  }
  const neighbours = planNeighbours(options, unit);
  for (const blob of neighbours) await store(neighbourText(options, unit, blob));

  const common = {
    index,
    id: unit.id,
    key: `${options.target.keyPrefix}${unit.id}.json.gz`,
    blobs: unit.blobs.length,
    wantedBlobNames: unit.blobs.map(blobName),
  };
  const expected: ExpectedUnit =
    damage === undefined
      ? {
          ...common,
          state: 'done',
          rawBytes,
          sha256: sha256.digest('hex'),
          crc32: crc.toString(16).padStart(8, '0'),
        }
      : {
          ...common,
          state: 'failed',
          class: damageClasses[damage],
          badBlob: badBlob === undefined ? null : blobName(badBlob),
        };
  return { plan: unit, expected, rawBytes, neighbours: neighbours.length };
}

/** Returns the bytes to store for a text. `compress` returns one bzip2 stream for each text, joined. */
export async function encodeBlob(
  text: BlobText,
  compress: (streams: readonly Uint8Array[]) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  if (text.streams === undefined) return text.plain;
  const bytes = await compress(text.streams);
  return text.damage === undefined ? bytes : damageBlob(text.damage, bytes, text.plain);
}

function blobName({ account, container, name }: DemoBlobName): DemoBlobName {
  return { account, container, name };
}

function neighbourText(content: DemoContent, unit: DemoUnitPlan, blob: DemoBlobName): BlobText {
  const lines = { ...blob, region: 'us', day: '01', rawBytes: neighbourRawBytes, dense: false } as const;
  const plain = writeLogLines(content, unit, lines);
  return { blob, plain, streams: blob.name.includes('.bz2') ? [plain] : undefined, damage: undefined };
}
