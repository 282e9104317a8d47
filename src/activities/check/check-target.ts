import { controlBase } from '../../domain/stored/migration-record.js';
import { probeTarget } from '../../probes/target/probe-target.js';
import type { ActivityDependencies } from '../activity-dependencies.js';
import type { Activities } from '../activity-messages.js';
import { redactProbes } from './redact-probes.js';
import { runControlActivity } from '../run-control-activity.js';

/** Makes the activity `checkTarget`, which tries the target with the credentials of the worker. */
export function createCheckTarget(
  deps: Pick<ActivityDependencies, 'openProbedTarget' | 'redact'>,
): Activities['checkTarget'] {
  return ({ name, target, exampleKey, keyPrefix }) =>
    runControlActivity(
      async ({ cancellationSignal: signal }) => {
        const stores = deps.openProbedTarget(target);
        const base = controlBase({ prefix: target.control.prefix, name });
        try {
          const probing = { stores, base, exampleKey, keyPrefix, role: 'worker' as const, nowMs: Date.now(), signal };
          return redactProbes(await probeTarget(probing), deps.redact);
        } finally {
          stores.close();
        }
      },
      () => ({ stage: 'preparing', redact: deps.redact }),
    );
}
