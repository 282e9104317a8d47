import { planAzurite } from './parts/azurite-part.js';
import type { PartPlan } from './parts/part-plan.js';
import { planS3 } from './parts/s3-part.js';
import { planTemporal } from './parts/temporal-part.js';
import { planWorkers } from './parts/workers-part.js';
import { describeStack } from './state/stack-description.js';
import { stackEnvironment } from './stack-environment.js';
import type { StackOptions } from './stack-options.js';
import type { StackState } from './state/stack-state.js';

/**
 * Returns the parts that an `up` with these options brings up: servers, which do not wait for each other, then workers.
 */
export function planParts(
  options: StackOptions,
  state: StackState,
): { readonly servers: readonly PartPlan[]; readonly workers: PartPlan | undefined } {
  const { stateDir, baseEnv, probes, programs, workerProgram } = options;
  const { ports } = state;
  const description = describeStack(stateDir, state);
  const { temporal, taskQueue, stores } = description;
  const servers = [
    planTemporal({ stateDir, ports, explicit: programs.temporal, baseEnv, probe: () => probes.temporal(temporal) }),
  ];
  if (options.stores && stores !== null) {
    const probeAccounts = async (): Promise<void> => {
      for (const { name, key, endpoint } of stores.azure) await probes.azure({ name, key, endpoint });
    };
    servers.push(
      planAzurite({
        ...{ stateDir, baseEnv, explicit: programs.azurite, accounts: stores.azure },
        ...{ port: ports.azurite, probe: probeAccounts },
      }),
      planS3({
        ...{ stateDir, ports, baseEnv, explicit: programs.weed, credentials: stores.s3 },
        probe: () => probes.s3(stores.s3),
      }),
    );
  }
  const workers =
    workerProgram &&
    planWorkers({
      ...{ stateDir, baseEnv, program: workerProgram, stackEnv: stackEnvironment(description, baseEnv) },
      probe: () => probes.workers({ address: temporal.address, namespace: temporal.namespace, taskQueue }),
    });
  return { servers, workers };
}
