import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Receipt } from '../../../domain/receipt.js';
import { changedRecently, judgeUnit, type JudgedUnit, type Usual } from '../../../planning/judge-unit.js';
import { toPlannedLine, type PlannedLine } from '../../../planning/planned-line.js';
import { Spread } from '../../../planning/spread.js';
import { usualRange } from '../../../planning/usual-range.js';
import { onDisk, SpoolFile } from '../../../staging/spool-file.js';

/** The judged units of a plan. Call {@link remove} at the end. */
export interface GatheredPlan {
  readonly usual: Usual;
  /** Yields the units in the order of the units file. May be called again. */
  units(): AsyncIterable<JudgedUnit>;
  remove(): Promise<void>;
}

/**
 * Reads the receipts of a plan and judges its units by what is usual among them. Memory does not grow with their
 * number: what is needed of each is kept in a temporary file.
 */
export async function gatherPlan(receipts: AsyncIterable<readonly Receipt[]>): Promise<GatheredPlan> {
  const parent = join(tmpdir(), 'longhaul-plan-');
  const directory = await onDisk(parent, () => mkdtemp(parent));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const spool = await SpoolFile.create(join(directory, 'units.ndjson'), () => {});
    try {
      const usual = await spoolLines(receipts, spool);
      return { usual, units: () => judged(spool, usual), remove };
    } finally {
      await spool.close();
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

async function spoolLines(receipts: AsyncIterable<readonly Receipt[]>, spool: SpoolFile): Promise<Usual> {
  const [bytes, blobs] = [new Spread(), new Spread()];
  let [ready, recent] = [0, 0];
  for await (const some of receipts) {
    for (const line of some.map(toPlannedLine).sort((a, b) => a.index - b.index)) {
      await spool.add(JSON.stringify(line));
      if (line.state !== 'ready') continue;
      ready += 1;
      if (changedRecently(line)) recent += 1;
      // Units that have only empty blobs are far from the rest if the rest has bytes.
      bytes.add(Math.max(1, line.bytes));
      blobs.add(line.blobs);
    }
  }
  await spool.flush();
  return { bytes: usualRange(bytes), blobs: usualRange(blobs), changesRecently: recent * 2 > ready };
}

async function* judged(spool: SpoolFile, usual: Usual): AsyncGenerator<JudgedUnit> {
  for await (const line of spool.lines()) yield judgeUnit(JSON.parse(line) as PlannedLine, usual);
}
