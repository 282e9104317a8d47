import type { S3Client } from '@aws-sdk/client-s3';
import { Secret } from '../../src/domain/text/secret.js';
import { newCheckpoint, CheckpointWriter } from '../../src/control/checkpoint.js';
import { parseLedger, type LedgerContent } from '../../src/control/ledger/ledger-format.js';
import { SliceLedger } from '../../src/control/ledger/slice-ledger.js';
import { createS3ControlStore } from '../../src/stores/s3/s3-control-store.js';
import type { SharedStack } from '../../test/support/servers/e2e-stack.js';
import type { GeneratedMigration } from '../../test/support/migrations/generated-migration.js';
import { listKeys, readObject } from '../../test/support/programs/target-objects.js';

/** The CPU time of this process, including the SDK and its signatures. */
export interface ControlWriteCosts {
  readonly ledgerBytes: number;
  readonly sliceUnits: number;
  readonly sliceCpuSeconds: number;
  readonly checkpointCpuSeconds: number;
}

const timesWarm = 50;
const timesMeasured = 200;

/**
 * Writes the ledgers of a finished migration once more, under other keys, and checkpoints of five parts, and measures
 * what each costs.
 */
export async function controlWriteCosts(
  stack: SharedStack,
  s3: S3Client,
  { name, bucket }: GeneratedMigration,
): Promise<ControlWriteCosts> {
  const ledgers: LedgerContent[] = [];
  let ledgerBytes = 0;
  for (const key of await listKeys(s3, bucket, `.longhaul/${name}/r0000/ledger/`)) {
    const { bytes } = await readObject(s3, bucket, key);
    ledgerBytes += bytes.length;
    ledgers.push(parseLedger(bytes, key));
  }
  const [ledger] = ledgers;
  if (ledger === undefined) throw new Error(`${name} has no ledger`);
  const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = stack.environment;
  const store = createS3ControlStore({
    connection: { endpoint: stack.s3Endpoint, region, forcePathStyle: true },
    ...{ bucket, allowInsecureEndpoints: true },
    keys: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: new Secret(AWS_SECRET_ACCESS_KEY) },
  });
  const { signal } = new AbortController();
  try {
    const sliceCpuSeconds = await cpuSecondsOf(async (time) => {
      const { header, receipts } = ledgers[time % ledgers.length] ?? ledger;
      const key = `.longhaul/bench/${String(time)}.ndjson.gz`;
      const copy = await SliceLedger.claim({
        ...{ store, key, header, epoch: 1, signal },
        process: { token: 'bench', sawDie: () => false },
        durableParts: async () => 0,
      });
      for (const receipt of receipts.values()) copy.add(receipt);
      await copy.finish();
    });
    const place = { base: '.longhaul/bench', control: store, target: undefined as never, round: 0 };
    const unit = { index: 0, id: 'one', key: 'one', fields: {} };
    const writer = new CheckpointWriter(unit, place, undefined);
    const digest = 'd'.repeat(64);
    const part = { number: 1, etag: `"${'e'.repeat(32)}"`, bytes: 8_400_000, crc32: 'AAAAAA==' };
    const content = {
      ...newCheckpoint({ key: 'one', uploadId: 'u'.repeat(40), manifest: digest, encoder: 'one' }, undefined),
      parts: [part, part, part, part, part],
    };
    const checkpointCpuSeconds = await cpuSecondsOf(() => writer.write(content, signal));
    return { ledgerBytes, sliceUnits: ledger.header.units, sliceCpuSeconds, checkpointCpuSeconds };
  } finally {
    store.close();
  }
}

async function cpuSecondsOf(write: (time: number) => Promise<void>): Promise<number> {
  for (let time = 0; time < timesWarm; time += 1) await write(time);
  const before = process.cpuUsage();
  for (let time = 0; time < timesMeasured; time += 1) await write(timesWarm + time);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / timesMeasured;
}
