import type { Probe } from '../../domain/probe.js';
import { answerAll, type AskedProbe } from '../answer-all.js';
import { runProbe } from '../run-probe.js';
import { openCheckTrail, removeAbandonedTrails } from './check-trail.js';
import type { ProbedTarget } from './probed-target.js';
import type { TargetProbing } from './target-probing.js';
import { targetQuestions } from './target-questions.js';

/**
 * Looks at everything that a migration relies on at its target, and removes again what it has written. Every failure is
 * a verdict; rejects only with the signal's own reason. Where a bucket cannot be used at all, nothing else is tried.
 */
export async function probeTarget(probing: TargetProbing): Promise<readonly Probe[]> {
  const { stores, base, nowMs, signal, advanced } = probing;
  const found = await answerAll(bucketQuestions(stores), signal, advanced);
  if (found.some(({ verdict }) => verdict === 'failed')) return found;
  const place = { control: stores.control, base };
  const targets = { control: stores.controlTarget, objects: stores.target };
  const trail = openCheckTrail(place, targets, nowMs);
  let probes: readonly Probe[];
  try {
    probes = await answerAll(targetQuestions(probing, trail), signal, advanced);
  } catch (error) {
    await trail.remove(AbortSignal.timeout(tidyPatienceMs));
    throw error;
  }
  const question = {
    ...{ id: 'target/delete', what: 'deletion of control objects' },
    fix: () =>
      `let the credential delete objects and abort uploads; what stays is below ${trail.base}/, ` +
      'and a check that is run an hour later deletes it',
  };
  // What was written must go also if the user is impatient.
  const tidied = await runProbe(question, new AbortController().signal, async (limit) => {
    await trail.remove(limit);
    const earlier = await removeAbandonedTrails(place, targets, { nowMs, signal: limit });
    const more = earlier === 0 ? '' : `, and so is what ${String(earlier)} killed checks had left`;
    return { message: `all that this check has written is deleted${more}` };
  });
  return [...found, ...probes, tidied];
}

const tidyPatienceMs = 20_000;

function bucketQuestions({ definition, targetBucket, controlBucket }: ProbedTarget): readonly AskedProbe[] {
  const { bucket, control } = definition;
  const fine = 'it is there, and the credential may list it';
  const target: AskedProbe = {
    ...{ id: 'target/bucket', what: `bucket ${bucket}`, fine },
    ask: (signal) => targetBucket.find(signal),
  };
  if (control.bucket === bucket) return [target];
  const own: AskedProbe = {
    ...{ id: 'target/control-bucket', what: `control bucket ${control.bucket}`, fine },
    ask: (signal) => controlBucket.find(signal),
  };
  return [target, own];
}
