import { resolve } from 'node:path';
import { bringUpPart, type PartChange } from './bring-up-part.js';
import { localPlatform } from './programs/local-platform.js';
import type { PartPlan } from './parts/part-plan.js';
import { planParts } from './plan-parts.js';
import { findProgram } from './programs/find-program.js';
import { makePrivateFolder } from './state/make-private-folder.js';
import { openStackState } from './state/open-stack-state.js';
import { isAlive } from './processes/process-identity.js';
import { requireFreePorts } from './ports/require-free-ports.js';
import { describeStack, partTitles, type StackDescription } from './state/stack-description.js';
import { stackPaths } from './state/stack-layout.js';
import { takeStackLock } from './state/stack-lock.js';
import type { StackOptions } from './stack-options.js';
import { StackRecord } from './state/stack-record.js';
import type { PartName } from './state/stack-state.js';

/** A stack that is up and proven, and what this `up` did to each part. */
export interface StackUp extends StackDescription {
  readonly changes: Readonly<Partial<Record<PartName, PartChange>>>;
}

/**
 * Brings the local stack up: keeps the parts that run, starts the others, reports those that had ended, and returns
 * when every part has passed its probe. Throws `LocalStackError` for the user, or the signal's reason when aborted.
 * What has been started by then stays recorded, so that the next `up` attaches to it and `down` ends it.
 */
export async function stackUp(given: StackOptions): Promise<StackUp> {
  // Parts run in folders of their own, where a relative path would name another place.
  const stateDir = resolve(given.stateDir);
  const options = { ...given, stateDir };
  localPlatform();
  for (const folder of [stateDir, stackPaths(stateDir).logs]) makePrivateFolder(folder);
  const release = takeStackLock(stateDir);
  try {
    const record = new StackRecord(stateDir, openStackState(options));
    const { servers, workers } = planParts(options, record.state);
    const plans = workers === undefined ? servers : [...servers, workers];
    const programs = await findPrograms(options, plans, record);
    await requireFreePorts(plans.filter((plan) => !runs(plan, record)).flatMap((plan) => plan.ports));

    const changes: Partial<Record<PartName, PartChange>> = {};
    const bringUp = async (plan: PartPlan, signal: AbortSignal): Promise<void> => {
      const programPath = programs.get(plan.name) ?? '';
      const change = await bringUpPart({ plan, record, programPath, progress: options.progress, signal });
      changes[plan.name] = change;
    };
    await allOrFirstFailure(servers, options.signal, bringUp);
    if (workers !== undefined) await bringUp(workers, options.signal);
    return { ...describeStack(stateDir, record.state), changes };
  } finally {
    release();
  }
}

/**
 * Programs are found one after the other, before anything is started: a download may fail, and two would share the
 * bandwidth.
 */
async function findPrograms(
  options: StackOptions,
  plans: readonly PartPlan[],
  record: StackRecord,
): Promise<Map<PartName, string>> {
  const found = new Map<PartName, string>();
  const { cacheDir, baseEnv, progress, signal } = options;
  for (const plan of plans) {
    const needed = !runs(plan, record) || record.state.parts[plan.name]?.settled === false;
    if (plan.program === undefined || !needed) continue;
    const { wanted: program, explicit } = plan.program;
    found.set(plan.name, await findProgram({ program, explicit, cacheDir, baseEnv, progress, signal }));
  }
  return found;
}

function runs(plan: PartPlan, record: StackRecord): boolean {
  const recorded = record.state.parts[plan.name];
  return recorded !== undefined && isAlive(recorded);
}

/**
 * Brings up all at once. The first failure ends the wait for the others, whose own errors would only say that they were
 * stopped.
 */
async function allOrFirstFailure(
  plans: readonly PartPlan[],
  signal: AbortSignal,
  bringUp: (plan: PartPlan, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  let failure: { readonly reason: unknown } | undefined;
  await Promise.all(
    plans.map(async (plan) => {
      try {
        await bringUp(plan, AbortSignal.any([signal, stop.signal]));
      } catch (error) {
        failure ??= { reason: error };
        stop.abort(new Error(`${partTitles[plan.name]} failed`));
      }
    }),
  );
  if (failure !== undefined) throw failure.reason;
}
