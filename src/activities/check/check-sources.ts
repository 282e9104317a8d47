import { probeSources } from '../../probes/source/probe-sources.js';
import type { ActivityDependencies } from '../activity-dependencies.js';
import type { Activities } from '../activity-messages.js';
import { redactProbes } from './redact-probes.js';
import { runControlActivity } from '../run-control-activity.js';

/** Makes the activity `checkSources`, which lists and reads a little at each account. */
export function createCheckSources(
  deps: Pick<ActivityDependencies, 'openProbedSources' | 'redact'>,
): Activities['checkSources'] {
  return ({ units, decompress, ...definition }) =>
    runControlActivity(
      async ({ cancellationSignal: signal }) => {
        const sources = deps.openProbedSources(definition);
        const { source, find } = sources;
        const accounts = Object.keys(definition.accounts);
        try {
          const probing = { accounts, source, find, units, decompress, nowMs: Date.now(), signal };
          const { probes, sample } = await probeSources(probing);
          return { probes: redactProbes(probes, deps.redact), sample };
        } finally {
          sources.close();
        }
      },
      () => ({ stage: 'preparing', redact: deps.redact }),
    );
}
