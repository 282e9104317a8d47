import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { startBzip2Compressor } from '../../../src/local/demo-data/bzip2-compressor.js';
import type { DemoBlobName } from '../../../src/local/demo-data/demo-data-options.js';
import type { ExpectedUnit } from '../../../src/local/demo-data/expected-unit.js';
import { azureService, type GeneratedMigration } from './generated-migration.js';
import { randomNumbers, upTo, type RandomNumbers } from '../random-numbers.js';
import { soonNoticed } from './soon-noticed.js';
import type { ProxiedStack } from '../servers/use-proxied-stack.js';

/** A migration of one unit whose object needs many parts. */
export interface LargeUnit {
  readonly migration: GeneratedMigration;
  /** The blobs, in the order in which they are joined. */
  readonly blobs: readonly LargeUnitBlob[];
}

/** `path` is the path of a request for the blob, `bytes` its stored length. */
export interface LargeUnitBlob {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Generates a unit of `blobCount` blobs, each about 45 MB unpacked, within seconds: texts are compressed once, and each
 * blob is a series of their bzip2 streams in an order of its own. Every other blob is too large to be fetched ahead.
 * The object has about an eleventh of the raw bytes.
 */
export async function generateLargeUnit(
  { stack, stores, s3 }: ProxiedStack,
  name: string,
  blobCount: number,
): Promise<LargeUnit> {
  const directory = mkdtempSync(join(stack.stateDir, `${name}-`));
  const bucket = `${name}-bucket`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const container = azureService(stack, 'prodeast').getContainerClient(name);
  await container.create();

  const random = randomNumbers(1);
  const texts = Array.from({ length: 64 }, () => logText(random));
  const streams = await compressEach(texts);
  const digest = createHash('sha256');
  let [rawBytes, sum] = [0, 0];
  const blobs: LargeUnitBlob[] = [];
  const wantedBlobNames: DemoBlobName[] = [];
  for (let index = 0; index < blobCount; index += 1) {
    const chosen = Array.from({ length: index % 2 === 0 ? 80 : 32 }, () => upTo(random, texts.length));
    for (const text of chosen.map((choice) => texts[choice]!)) {
      digest.update(text);
      sum = crc32(text, sum);
      rawBytes += text.length;
    }
    const bytes = Buffer.concat(chosen.map((choice) => streams[choice]!));
    const blob = `one/${String(index).padStart(5, '0')}.bz2`;
    await container.getBlockBlobClient(blob).uploadData(bytes);
    blobs.push({ path: `/prodeast/${name}/${blob}`, bytes: bytes.length });
    wantedBlobNames.push({ account: 'east', container: name, name: blob });
  }

  const unitsPath = join(directory, 'units.txt');
  await writeFile(unitsPath, 'one\n');
  const migrationPath = join(directory, `${name}.yaml`);
  await writeFile(migrationPath, migrationText({ name, bucket, ...stores.endpoints }));
  const unit: ExpectedUnit = {
    ...{ index: 0, id: 'one', key: 'units/one.gz', blobs: blobCount, wantedBlobNames, state: 'done', rawBytes },
    ...{ sha256: digest.digest('hex'), crc32: sum.toString(16).padStart(8, '0') },
  };
  return { migration: { name, dataName: name, bucket, directory, migrationPath, unitsPath, expected: [unit] }, blobs };
}

const textBytes = 800_000;

/** Writes lines that differ little: about 25 of 210 characters are new in each. */
function logText(random: RandomNumbers): Buffer {
  const number = (): string =>
    upTo(random, 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const services = Array.from({ length: 40 }, () => `"service":"${number()}","path":"/v2/${number()}/${number()}"`);
  const lines: string[] = [];
  for (let length = 0; length < textBytes; length += lines.at(-1)?.length ?? 0) {
    const service = services[upTo(random, services.length)] ?? '';
    lines.push(
      `{"time":"2019-07-03T10:12:44Z","tenant":"acme-1","region":"eu","status":200,"currency":"EUR",` +
        `${service},"agent":"web/4.18.2 (Firefox)","trace":"${number()}${number()}${number()}"}\n`,
    );
  }
  return Buffer.from(lines.join(''), 'latin1');
}

async function compressEach(texts: readonly Buffer[]): Promise<readonly Buffer[]> {
  const compressor = startBzip2Compressor({ python: 'python3', processes: 2 });
  try {
    return await Promise.all(texts.map((text) => compressor.compress([text])));
  } finally {
    compressor.close();
  }
}

function migrationText(options: {
  readonly name: string;
  readonly bucket: string;
  readonly azure: string;
  readonly s3: string;
}): string {
  return `version: 1
name: ${options.name}
units: { from: units.txt }
accounts:
  east: { endpoint: "${options.azure}/prodeast", credential: prodeast-key }
find:
  - { account: east, container: ${options.name}, prefix: "{{ line }}/" }
target:
  bucket: ${options.bucket}
  key: "units/{{ line }}.gz"
  region: us-east-1
  endpoint: "${options.s3}"
  forcePathStyle: true
${soonNoticed}`;
}
