import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silenceSdkAnnouncement } from '../../src/env.js';
import { bakeoffTables } from './report/bakeoff-tables.js';
import { allRows } from './rows/all-rows.js';
import { runBakeoff } from './run-bakeoff.js';

/** The most units that the slow programs move, so that everything together takes three minutes. */
const unitsMax: Readonly<Record<string, number>> = { serial: 20, actors: 100 };

/** The programs of the story beside Longhaul, on the first units of the list. Prints the tables. */
export async function quickBakeoff({
  units,
  latency,
}: {
  readonly units: string;
  readonly latency: string;
}): Promise<void> {
  silenceSdkAnnouncement();
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-quick-'));
  try {
    const results = await runBakeoff({
      ...{ listUnits: Number(units), latencyMs: Number(latency), runs: 1, kill: false },
      rows: ['longhaul', 'serial', 'actors', 'threads', 'bare-loop'],
      unitsMax: ({ name }) => unitsMax[name] ?? Infinity,
      ...{ resultsPath: join(folder, 'results.json'), command: 'npm run bench -- quick' },
      log: (line) => {
        process.stdout.write(`${line}\n`);
      },
    });
    const titles = new Map(allRows.map(({ name, title }) => [name, title]));
    process.stdout.write(`\n${bakeoffTables(results, titles)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
