import type { ActivityDependencies } from '../activities/activity-dependencies.js';
import { createFindRenderer } from '../definition/find/find-renderer.js';
import { createAzureSource } from '../stores/azure/azure-source.js';
import { openProbedTarget } from '../stores/s3/open-probed-target.js';
import type { StoreOptions } from './open-migrations.js';

/** Makes the functions that open what `check` looks at: a migration of which nothing is staged yet. */
export function openProbed(
  options: StoreOptions,
): Pick<ActivityDependencies, 'openProbedTarget' | 'openProbedSources'> {
  const { allowInsecureEndpoints, credentials, trustedHosts, http, noteSecret } = options;
  return {
    openProbedTarget: (definition) => openProbedTarget({ definition, allowInsecureEndpoints, http, noteSecret }),
    openProbedSources: (definition) => {
      const { accounts } = definition;
      const source = createAzureSource({ accounts, credentials, allowInsecureEndpoints, trustedHosts, http });
      return { source, find: createFindRenderer(definition), close: () => source.close() };
    },
  };
}
