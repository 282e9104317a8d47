import { join } from 'node:path';
import { silenceSdkAnnouncement } from '../../src/env.js';
import { fillReadme, writeReport } from './report/write-report.js';
import { runBakeoff } from './run-bakeoff.js';

/** What `npm run bench -- bakeoff` is given. */
export interface BakeoffValues {
  readonly units: string;
  readonly rows: string;
  readonly runs: string;
  readonly latency: string;
  readonly 'no-kill': boolean;
  readonly 'report-only': boolean;
  readonly out: string;
}

/** Runs the bake-off on one list, and writes its table and charts. */
export async function bakeoffCommand(values: BakeoffValues): Promise<void> {
  silenceSdkAnnouncement();
  if (!values['report-only']) await measure(values);
  const written = await writeReport(values.out);
  if (values.out === defaultFolder) await fillReadme('README.md', values.out);
  process.stdout.write(`\nWritten: ${written.join(', ')}\n`);
}

const defaultFolder = 'docs/bench';

async function measure({ units, rows, runs, latency, out, 'no-kill': noKill }: BakeoffValues): Promise<void> {
  await runBakeoff({
    listUnits: Number(units),
    rows: rows.split(',').filter((name) => name !== ''),
    ...{ runs: Number(runs), latencyMs: Number(latency), kill: !noKill },
    resultsPath: join(out, `bakeoff-${units}.json`),
    command: `npm run bench -- bakeoff --units ${units}`,
    log: (line) => {
      process.stdout.write(`${line}\n`);
    },
  });
}
