import { readNewestRound } from '../../../control/newest-round.js';
import type { ControlStore } from '../../../control/control-store.js';
import { controlBase } from '../../../domain/stored/migration-record.js';
import type { Definition } from '../../../domain/definition.js';
import { CommandError } from '../../ending/command-error.js';
import { exitStatus, type ExitStatus } from '../../ending/exit-status.js';
import { readMigrationFile } from '../../migration/read-migration-file.js';
import type { CommandContext } from '../../ports/context.js';
import { followToEnd } from '../../status/follow-to-end.js';
import type { VerbCall } from '../../verb.js';
import { formatCount } from '../../../domain/text/format.js';
import { gatherPlan } from './gather-plan.js';
import { makePlanDocument } from './make-plan-document.js';
import { parseSample } from '../../migration/parse-sample.js';
import { planCsv } from './plan-csv.js';
import type { PlanDocument, PlanTime } from './plan-document.js';
import { readUnclaimedDocument } from '../../unclaimed/read-unclaimed.js';
import { shellWord } from '../../screen/shell-word.js';
import { readPrices } from '../../prices/read-prices.js';
import { renderPlan } from './render-plan.js';
import { startPlan, type StartedPlan } from './start-plan.js';
import { writePlan } from './write-plan.js';

/** Runs `longhaul plan`. */
export async function runPlan({ context, printer, operands, options }: VerbCall): Promise<ExitStatus> {
  if (options.unclaimed && options.sample !== undefined) throw sampleOfAll();
  const sampleOf = parseSample(options.sample);
  const prices = await readPrices(options.prices);
  const file = await readMigrationFile(operands[0] ?? '', context);
  const temporal = await context.connectTemporal(context.environment);
  try {
    const started = await startPlan(
      context,
      { file, sampleOf, seed: options.seed, again: options.again, unclaimed: options.unclaimed },
      temporal,
    );
    printer.note(outcomeText(started, context.invocation));
    const total = started.staged.record.layout.units;
    if (started.outcome !== 'ended') await followToEnd(context, { name: started.name, total }, temporal);
    const closed = await readNewestRound(started, context.signal);
    if (closed?.summary === undefined) throw new CommandError(exitStatus.unexpected, `${started.name} has no result`);
    const { record, summary } = closed;
    const gathered = await gatherPlan(context.stores.readReceipts(record, started.control, context.signal));
    try {
      const rate = await rateOf(context, file.definition, started.control, options.blobRate);
      const round = { control: started.control, base: started.base, round: record.round };
      const unclaimed = await readUnclaimedDocument(round, gathered, context.signal);
      const document = await makePlanDocument({ record, summary, gathered, prices, rate, unclaimed });
      if (options.csv) for await (const line of planCsv(gathered.units())) printer.say(line);
      else printer.say(`${renderPlan(document)}\n\n${nextText(document, file.path, context.invocation)}`);
      printer.document(document);
      if (options.reportDir !== undefined) {
        const files = await writePlan(options.reportDir, { plan: document, gathered, round }, context.signal);
        printer.note(`Wrote ${files.join(', ')} to ${options.reportDir}.`);
      }
      const isWhole = document.wouldFail === 0 && (unclaimed?.unclaimed.blobs ?? 0) === 0;
      return isWhole ? exitStatus.done : exitStatus.failedUnits;
    } finally {
      await gathered.remove();
    }
  } finally {
    await temporal.close();
  }
}

function sampleOfAll(): CommandError {
  return new CommandError(
    exitStatus.usage,
    '--unclaimed needs all units: what a sample leaves out would be unclaimed',
    {
      next: 'leave out --sample',
    },
  );
}

function outcomeText({ outcome, name, staged: { record, summary } }: StartedPlan, invocation: string): string {
  const then = record.plan?.unclaimed === true ? ', then listing their containers' : '';
  const units = `${formatCount(record.layout.units)} units${then}`;
  if (outcome === 'started') return `Planning ${units}.`;
  if (outcome === 'continued') return `Continuing the plan of ${units}.`;
  return `${name} ended ${summary?.endedAt ?? ''}; \`${invocation} plan FILE --again\` plans again.`;
}

function nextText({ wouldFail }: PlanDocument, path: string, invocation: string): string {
  const start = `\`${invocation} start ${shellWord(path)}\``;
  if (wouldFail === 0) return `next: start it: ${start}`;
  const again = `\`${invocation} plan ${shellWord(path)} --again\``;
  return `next: correct what would fail, then ${again}; or start it all the same, and the others are moved: ${start}`;
}

/** Returns the rate that was given, or that of the last round of the migration that moved enough to measure it. */
async function rateOf(
  context: CommandContext,
  { name, target }: Definition,
  control: ControlStore,
  given: number | undefined,
): Promise<Pick<PlanTime, 'blobsPerSecond' | 'basis'>> {
  if (given !== undefined) return { blobsPerSecond: given, basis: 'given' };
  const base = controlBase({ prefix: target.control.prefix, name });
  const round = await readNewestRound({ control, base }, context.signal);
  if (round?.summary !== undefined) {
    const { tally, startedAt, endedAt } = round.summary;
    const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
    if (tally.blobs.done >= measuredBlobsMin && seconds > 0)
      return { blobsPerSecond: Math.max(1, Math.round(tally.blobs.done / seconds)), basis: 'measured' };
  }
  return { blobsPerSecond: assumedBlobsPerSecond, basis: 'assumed' };
}

// A shorter round mostly measures how long a migration takes to start and to end.
const measuredBlobsMin = 10_000;
// What a few worker processes reach against a cloud. It is a guess, and shown as one.
const assumedBlobsPerSecond = 500;
