import { runProgram } from '../../../src/commands/run-program.js';
import { controlKeys } from '../../../src/control/control-keys.js';
import { storeManifest } from '../../../src/control/stored-manifest.js';
import { planLayout } from '../../../src/domain/layout.js';
import type { SourceBlob } from '../../../src/domain/manifest.js';
import type { Receipt } from '../../../src/domain/receipt.js';
import { MemoryControlStore } from '../../support/fakes/memory-control-store.js';
import { smallDefinition } from '../../support/fakes/memory-migration.js';
import { smallReceipt } from '../../support/fakes/small-receipt.js';
import { fakeContext } from './fake-context.js';
import { completedRoot, fakeTemporal, runningRoot, tally } from './sample-documents.js';

/** The prefix of the control objects of the migration. */
export const base = '.longhaul/orders';

const blob = (name: string): SourceBlob => ({
  ...{ account: 'east', container: 'events', name, etag: `"${name}"`, bytes: 5, md5: null },
});

/** Returns a manifest of blobs with these names. */
export const blobsOf = (...names: string[]) => ({ digest: names.join('+'), blobs: names.map(blob) });

/** Returns the receipt of a unit that is done. */
export const done = (index: number, more: Partial<Receipt>): Receipt => ({ ...smallReceipt(index), ...more });

/** Returns the receipt of a unit that has failed. */
export const failed = (index: number, more: Partial<Receipt>): Receipt => {
  const { target, raw, ...rest } = smallReceipt(index);
  return { ...rest, state: 'failed', class: 'CorruptInput/BlockCrc', message: 'broken', ...more };
};

/** When the rounds were staged, began and ended, and how many units each has. */
export interface RoundsTime {
  readonly stagedAt: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly units: number;
  /** The newest round is still open, and its root runs. */
  readonly isOpen?: boolean;
}

const aSecond: RoundsTime = {
  ...{ stagedAt: '2026-01-02T03:04:05.000Z', startedAt: '2026-01-02T03:04:05.000Z' },
  ...{ endedAt: '2026-01-02T03:04:06.000Z', units: 4 },
};

/**
 * Runs a verb over the migration `orders`, whose rounds have these receipts. The manifest of unit 3 has 201 blobs, so
 * that it is stored beside its ledger.
 */
export async function runOverRounds(
  rounds: readonly (readonly Receipt[])[],
  args: readonly string[],
  control = new MemoryControlStore(),
  { stagedAt, startedAt, endedAt, units, isOpen = false } = aSecond,
) {
  const put = (key: string, value: object) => control.objects.set(key, Buffer.from(JSON.stringify(value)));
  for (const round of rounds.keys()) {
    const record = {
      ...{ format: 1, name: 'orders', round, definition: smallDefinition(), definitionDigest: 'd', unitsDigest: 'u' },
      ...{ layout: planLayout(units), version: '1.2.3', stagedAt, id: 'random' },
    };
    put(controlKeys.migration(base, round), record);
    if (isOpen && round === rounds.length - 1) continue;
    const summary = { format: 1, name: 'orders', round, total: units, tally, phase: 'completed', startedAt, endedAt };
    put(controlKeys.summary(base, round), summary);
  }
  const many = Array.from({ length: 201 }, (_, index) => blob(`many-${String(index)}`));
  const place = { control, base, record: { round: 0 } as never };
  const stored = await storeManifest(
    { digest: 'many', blobs: many },
    { index: 3 },
    place,
    new AbortController().signal,
  );
  const withMany = (receipt: Receipt): Receipt => (receipt.index === 3 ? { ...receipt, manifest: stored } : receipt);
  const context = fakeContext({
    connectTemporal: async () =>
      fakeTemporal(isOpen ? [runningRoot, runningRoot] : [completedRoot], {
        controlAddress: async () => ({ name: 'orders', bucket: 'archive', prefix: '.longhaul', s3: {} }),
      }),
    stores: {
      openControl: async () => control,
      async *readReceipts({ round }: { round: number }) {
        yield (rounds[round] ?? []).map(withMany);
      },
    } as never,
  });
  const status = await runProgram(args, context);
  return { status, out: context.out.text(), err: context.err.text() };
}
