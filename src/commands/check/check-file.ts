import { DefinitionProblems } from '../../definition/definition-problems.js';
import { toFailure } from '../../domain/failure.js';
import type { Probe } from '../../domain/probe.js';
import type { CheckInput } from '../../workflows/messages.js';
import { CommandError } from '../ending/command-error.js';
import { readMigrationFile, type MigrationFile } from '../migration/read-migration-file.js';
import type { CommandContext } from '../ports/context.js';
import { formatCount } from '../../domain/text/format.js';
import type { CheckReport } from './check-document.js';
import { checkStaged } from './check-staged.js';
import { checkTemporal } from './check-temporal.js';
import { checkUnits, type CheckedUnits } from './check-units.js';
import { estimateRun, neededMs } from './estimate-run.js';
import { judgeEnd } from './judge-end.js';
import { mergePlaces, placed } from './merge-places.js';

/**
 * Finds out everything that can be known about a migration before it moves: the file and its units here, the target
 * here and on a worker, the source accounts on a worker. What is wrong is a verdict, not an error. `progress` is called
 * with a sentence now and then.
 */
export async function checkFile(
  context: CommandContext,
  path: string,
  progress: (sentence: string) => void,
): Promise<CheckReport> {
  const [read] = await Promise.allSettled([readMigrationFile(path, context)]);
  if (read.status === 'rejected') return unreadable(path, read.reason);
  const file = read.value;
  const { name } = file.definition;
  const units = await checkUnits(context, file, (count) => progress(`reading units: ${formatCount(count)}`));
  const input = checkInput(file, units);
  progress('looking at the target, the accounts and Temporal');
  const [staged, here, temporal] = await Promise.all([
    checkStaged(context, file, units),
    probeTargetHere(context, input, (done) =>
      progress(`looking at the target: ${String(done)} ${done === 1 ? 'probe' : 'probes'} made`),
    ),
    checkTemporal(context, file, input),
  ]);

  const { onWorker, processes, whyNot } = temporal;
  const estimate = estimateRun({
    ...{ units: units.spooled?.layout.units ?? 0, lookupsOfUnit: units.sampler.lookupsOfUnit, processes },
    sample: onWorker?.sample,
  });
  const needed = neededMs(estimate);
  const valid: Probe = { id: 'file/definition', what: `migration file ${path}`, verdict: 'ok', message: 'it is valid' };
  const probes = [
    ...placed([valid, units.probe, staged], 'here'),
    ...placed(onWorker?.sources ?? [sourcesUnchecked(whyNot)], 'worker'),
    ...mergePlaces(here, onWorker?.target ?? []),
    ...placed(temporal.judge(needed), 'here'),
  ];
  const nowMs = context.now();
  const judged = probes.map((probe) => ({ ...probe, ...judgeEnd(probe, { nowMs, neededMs: needed }) }));
  return { path, name, layout: units.spooled?.layout, estimate, probes: judged };
}

function unreadable(path: string, error: unknown): CheckReport {
  const about = { id: 'file/definition', what: `migration file ${path}`, verdict: 'failed' } as const;
  const nothing = { path, name: undefined, layout: undefined, estimate: undefined };
  if (error instanceof CommandError) {
    const { message, next } = error;
    return { ...nothing, probes: placed([{ ...about, message, ...(next !== undefined && { fix: next }) }], 'here') };
  }
  if (!(error instanceof DefinitionProblems)) throw error;
  const { message, row, failureClass } = toFailure(error);
  return { ...nothing, probes: placed([{ ...about, message, fix: row.hint, class: failureClass }], 'here') };
}

/** Returns what is sent to a worker: sections of the file as they are written, and a sample of its units. */
function checkInput({ definition }: MigrationFile, { sampler }: CheckedUnits): CheckInput {
  const { name, accounts, find, expect, transform, target } = definition;
  // What precedes the first template is the same for every unit.
  const keyPrefix = target.key.split('{')[0] ?? '';
  const exampleKey = sampler.units[0]?.key ?? `${keyPrefix}longhaul`;
  const { units } = sampler;
  return {
    sources: { accounts, find, expect, decompress: transform.decompress, units },
    target: { name, target, exampleKey, keyPrefix },
  };
}

async function probeTargetHere(
  context: CommandContext,
  { target }: CheckInput,
  progress: (done: number) => void,
): Promise<readonly Probe[]> {
  let done = 0;
  const advanced = (): void => progress((done += 1));
  const check = { ...target, nowMs: context.now(), advanced };
  const probing = context.stores.probeTarget(check, context.environment, context.signal);
  const [probed] = await Promise.allSettled([probing]);
  if (probed.status === 'fulfilled') return probed.value;
  context.signal.throwIfAborted();
  // The store could not even be opened.
  const { message, row, failureClass } = toFailure(probed.reason);
  if (failureClass === 'Unexpected') throw probed.reason;
  const what = `bucket ${target.target.bucket}`;
  return [{ id: 'target/bucket', what, verdict: 'failed', message, fix: row.hint, class: failureClass }];
}

function sourcesUnchecked(whyNot: string): Probe {
  const fix = 'correct what is said about Temporal below, then check again';
  return { id: 'source/accounts', what: 'the source accounts', verdict: 'unchecked', message: whyNot, fix };
}
