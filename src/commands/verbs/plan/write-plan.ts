import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ControlRound } from '../../../control/control-prefix.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus } from '../../ending/exit-status.js';
import { unclaimedCsv } from './unclaimed-csv.js';
import type { GatheredPlan } from './gather-plan.js';
import { planCsv } from './plan-csv.js';
import type { PlanDocument } from './plan-document.js';
import { planPage } from './plan-page.js';

/** What to write about a plan. */
export interface WrittenPlan {
  readonly plan: PlanDocument;
  readonly gathered: GatheredPlan;
  readonly round: ControlRound;
}

/**
 * Writes a plan to a folder, which is created if necessary: `plan.html`, `plan-units.csv`, `plan.json` and, if the
 * containers were listed, `plan-unclaimed.csv`. Returns the names of the files.
 */
export async function writePlan(
  directory: string,
  { plan, gathered, round }: WrittenPlan,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pieces: Record<string, Iterable<string> | AsyncIterable<string>> = {
    'plan.html': [await planPage(plan)],
    'plan-units.csv': withEnds(planCsv(gathered.units())),
    'plan.json': [`${JSON.stringify(plan, null, 2)}\n`],
    ...(plan.unclaimed !== null && { 'plan-unclaimed.csv': withEnds(unclaimedCsv(round, signal)) }),
  };
  try {
    await mkdir(directory, { recursive: true });
    for (const [name, text] of Object.entries(pieces))
      await pipeline(Readable.from(text), createWriteStream(join(directory, name)));
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw cause;
    throw new CommandError(exitStatus.usage, `Writing the plan to ${directory} failed: ${code}`, {
      next: 'give a folder that can be written; the same line then reports the plan that is there',
      cause,
    });
  }
  return Object.keys(pieces);
}

async function* withEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\r\n`;
}
