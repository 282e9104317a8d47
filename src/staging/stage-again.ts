import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MigrationRecord } from '../domain/stored/migration-record.js';
import type { Receipt } from '../domain/receipt.js';
import type { StagedUnit } from '../domain/unit.js';
import type { UnitFigures } from '../domain/figures/unit-figures.js';
import { definitionDigest } from '../definition/definition-digest.js';
import { EarlierIndexes } from './earlier-indexes.js';
import { EarlierUnits } from './earlier-units.js';
import { onDisk } from './spool-file.js';
import { spoolUnits, type SpoolRequest } from './spool-units.js';
import { stageNextRound, type NextRound } from './stage-next-round.js';

/** What `start --again` stages. */
export interface AgainRequest extends SpoolRequest, Pick<NextRound, 'store' | 'base' | 'previous' | 'version' | 'now'> {
  /** The figures of all rounds up to `previous`, merged. */
  readonly before: UnitFigures;
  /** The receipts of all these rounds, those of older rounds first. */
  readonly receipts: AsyncIterable<Receipt>;
}

/**
 * Stages the next round over the units of the file as it is now, in bounded memory. A unit is recognised by its id and
 * keeps its index; a new one gets the next free index. Refuses what {@link spoolUnits} refuses.
 */
export async function stageAgain(request: AgainRequest): Promise<MigrationRecord> {
  const parent = join(request.temporaryDirectory ?? tmpdir(), 'longhaul-again-');
  const directory = await onDisk(parent, () => mkdtemp(parent));
  try {
    const idDirectory = join(directory, 'ids');
    await onDisk(idDirectory, () => mkdir(idDirectory));
    const indexes = new EarlierIndexes(idDirectory, request.buckets);
    const earlier = await EarlierUnits.create(directory);
    try {
      return await stageJoined(request, indexes, earlier);
    } finally {
      await earlier.close();
      await indexes.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function stageJoined(
  request: AgainRequest,
  indexes: EarlierIndexes,
  earlier: EarlierUnits,
): Promise<MigrationRecord> {
  const { definition, store, base, previous, version, now, signal, progress } = request;
  const spooled = await spoolUnits({ ...request, seen: ({ id, index }) => indexes.addNow(id, index) });
  try {
    for await (const receipt of request.receipts) {
      signal.throwIfAborted();
      await indexes.addEarlier(receipt.id, receipt.index);
      await earlier.add(receipt);
    }
    const joined = await indexes.join(spooled.layout.units);
    const added = joined.reduce((count, index) => (index === -1 ? count + 1 : count), 0);
    return await stageNextRound({
      ...{ store, base, previous, version, now, signal, progress },
      says: {
        definition,
        definitionDigest: definitionDigest(definition),
        fileDigest: spooled.unitsDigest,
        before: { ...request.before, total: request.before.total + added },
      },
      units: withIndexes(spooled.lines(), { joined, earlier, nextIndex: request.before.total }),
    });
  } finally {
    await spooled.remove();
  }
}

/** Yields each unit with the index that it had, or the next free one, and with what earlier rounds say about it. */
async function* withIndexes(
  lines: AsyncIterable<string>,
  known: { readonly joined: Int32Array; readonly earlier: EarlierUnits; readonly nextIndex: number },
): AsyncGenerator<StagedUnit> {
  let { nextIndex } = known;
  let position = 0;
  for await (const line of lines) {
    const unit = JSON.parse(line) as StagedUnit;
    const earlierIndex = known.joined[position] ?? -1;
    position += 1;
    if (earlierIndex === -1) {
      yield { ...unit, index: nextIndex };
      nextIndex += 1;
    } else {
      yield { ...unit, index: earlierIndex, ...(await known.earlier.find(earlierIndex)) };
    }
  }
}
