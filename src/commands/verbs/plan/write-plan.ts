import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import type { GatheredPlan } from './gather-plan.js';
import { planCsv } from './plan-csv.js';
import type { PlanDocument } from './plan-document.js';
import { planPage } from './plan-page.js';

/** Writes a plan to a folder, which is made if need be: `plan.json`, `units.csv` and `plan.html`. */
export async function writePlan(directory: string, plan: PlanDocument, gathered: GatheredPlan): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
    await writeFile(join(directory, 'plan.html'), await planPage(plan));
    await pipeline(Readable.from(lines(gathered)), createWriteStream(join(directory, 'units.csv')));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined) throw cause;
    throw new CommandError(exitStatus.usage, `Writing the plan to ${directory} failed: ${code}`, {
      next: 'give a folder that can be written; the same line then reports the plan that is there',
      cause,
    });
  }
}

async function* lines(gathered: GatheredPlan): AsyncGenerator<string> {
  for await (const line of planCsv(gathered.units())) yield `${line}\r\n`;
}
