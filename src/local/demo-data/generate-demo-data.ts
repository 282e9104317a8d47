import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBlobStore } from './blob-store.js';
import type { DemoContent, DemoDataOptions } from './demo-data-options.js';
import { generateUnit } from './generate-unit.js';
import { migrationFileText } from './migration-file-text.js';
import type { DemoUnitPlan } from './plan-demo-unit.js';

const unitsMax = 1_000_000;

/** What `generateDemoData` has made. */
export interface DemoDataSummary {
  readonly units: number;
  /** Blobs that the units select. */
  readonly blobs: number;
  /** Further blobs, which no unit selects. */
  readonly neighbours: number;
  /** Plain size of the selected blobs. */
  readonly rawBytes: number;
  /** Stored size of all blobs. */
  readonly storedBytes: number;
  readonly migrationPath: string;
  readonly unitsPath: string;
  readonly expectedPath: string;
}

/**
 * Stores the generated data, and writes `migration.yaml`, `units.csv` and `expected.ndjson`. The same content gives the
 * same names, bytes and lines. Memory does not grow with the number of units. Rejects with the first failure, once
 * every open `putBlob` has ended; a RangeError when the content is out of bounds.
 */
export async function generateDemoData(options: DemoDataOptions): Promise<DemoDataSummary> {
  assertContent(options);
  const paths = {
    migrationPath: join(options.directory, 'migration.yaml'),
    unitsPath: join(options.directory, 'units.csv'),
    expectedPath: join(options.directory, 'expected.ndjson'),
  };
  await writeFile(paths.migrationPath, migrationFileText(options));
  const unitsFile = await open(paths.unitsPath, 'w');
  const expectedFile = await open(paths.expectedPath, 'w');
  const store = startBlobStore(options);
  const sums = { units: 0, blobs: 0, neighbours: 0, rawBytes: 0 };
  try {
    await unitsFile.write('tenant,month,days,regions\n');
    for (let index = 0; index < options.units; index += 1) {
      const { plan, expected, rawBytes, neighbours } = await generateUnit(options, index, (text) => store.put(text));
      await unitsFile.write(unitsLine(plan));
      await expectedFile.write(`${JSON.stringify(expected)}\n`);
      sums.units += 1;
      sums.blobs += plan.blobs.length;
      sums.neighbours += neighbours;
      sums.rawBytes += rawBytes;
      store.countUnit();
    }
    const { bytes } = await store.drain();
    return { ...sums, storedBytes: bytes, ...paths };
  } catch (error) {
    // An abort also ends the compressor: the cause is its reason, not the compressor's complaint.
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await store.close();
    await unitsFile.close();
    await expectedFile.close();
  }
}

function assertContent({ units, damage }: DemoContent): void {
  if (!Number.isInteger(units) || units < 1 || units > unitsMax) {
    throw new RangeError(
      `Cannot generate demo data of ${units} units: the number must be whole, from 1 to ${unitsMax}.`,
    );
  }
  for (const index of damage?.keys() ?? []) {
    if (!Number.isInteger(index) || index < 0 || index >= units) {
      throw new RangeError(`Cannot damage unit ${index} of the demo data: it has the units 0 to ${units - 1}.`);
    }
  }
}

function unitsLine({ tenant, month, days, regions }: DemoUnitPlan): string {
  return `${tenant},${month},${days.join('|')},${regions.join('|')}\n`;
}
