import { endProcess } from './processes/end-process.js';
import { endGraceMs, type PartPlan } from './parts/part-plan.js';
import { isAlive } from './processes/process-identity.js';
import { readLogTail } from './processes/read-log-tail.js';
import { partTitles } from './state/stack-description.js';
import type { StackRecord } from './state/stack-record.js';
import type { PartRecord } from './state/stack-state.js';
import { startProcess, type Launch } from './processes/start-process.js';
import { waitUntilReady } from './processes/wait-until-ready.js';

/**
 * What an `up` did to a part: left it running, started it for the first time, or started it again after it had ended.
 */
export type PartChange = 'kept' | 'started' | 'restarted';

interface Request {
  readonly plan: PartPlan;
  readonly record: StackRecord;
  /** Path of the plan's program; needed only if the part is started or not settled yet. */
  readonly programPath: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes sure that one part runs, is set up and passes its probe. Throws `LocalStackError` with the end of its log if it
 * does not.
 */
export async function bringUpPart(request: Request): Promise<PartChange> {
  const { plan, record, programPath, signal } = request;
  signal.throwIfAborted();
  const launch = plan.launch(programPath);
  const change = await keepOrStart(request, launch);
  await waitUntilReady({
    title: partTitles[plan.name],
    withinMs: plan.readyWithinMs,
    hint: () => logHint(launch),
    prove: async (attemptSignal) => {
      const part = partOf(request);
      if (!part.settled) {
        await plan.settle?.(programPath, attemptSignal);
        record.setPart(plan.name, { ...part, settled: true });
      }
      await plan.probe();
    },
    isAlive: () => isAlive(partOf(request)),
    progress: request.progress,
    signal,
  });
  return change;
}

async function keepOrStart(request: Request, launch: Launch): Promise<PartChange> {
  const { plan, record, progress } = request;
  const title = partTitles[plan.name];
  const recorded = record.state.parts[plan.name];
  if (recorded !== undefined && isAlive(recorded)) {
    if (plan.fingerprint === undefined || plan.fingerprint === recorded.fingerprint) return 'kept';
    progress(`${title}: the program or its environment has changed; starting them again`);
    await endProcess(recorded, endGraceMs[plan.name]);
  } else if (recorded !== undefined) {
    progress(`${title}: process ${recorded.pid} had ended; starting it again`);
  }
  await startProcess(launch, (process) => {
    record.setPart(plan.name, {
      ...process,
      startedAt: new Date().toISOString(),
      settled: false,
      ...(plan.fingerprint === undefined ? {} : { fingerprint: plan.fingerprint }),
    });
  });
  return recorded === undefined ? 'started' : 'restarted';
}

function partOf({ plan, record }: Request): PartRecord {
  const part = record.state.parts[plan.name];
  if (part === undefined) throw new Error(`no record of ${plan.name} after its start`);
  return part;
}

function logHint({ outputLog, errorLog }: Launch): string {
  const tail = readLogTail(errorLog) || readLogTail(outputLog);
  return `Its log is ${errorLog}${tail === '' ? ' (empty).' : `, which ends:\n${tail}`}`;
}
