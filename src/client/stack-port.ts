import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import type { StackPort } from '../commands/ports/stack-port.js';
import type { Environment } from '../env.js';
import { stackEnvironment } from '../local/stack-environment.js';

/**
 * Runs the local stack with the programs, probes and workers of this installation. What starts and ends programs is
 * loaded when a verb first needs it.
 */
export function stackPort(environment: Environment): StackPort {
  const paths = envPaths('longhaul', { suffix: '' });
  const { variables: baseEnv } = environment;
  return {
    defaultStateDir: paths.data,
    up: async ({ stateDir, portBase, stores, progress }, signal) => {
      const { stackUp } = await import('../local/stack-up.js');
      const { stackProbes } = await import('./stack-probes.js');
      return stackUp({
        ...{ stateDir, stores, progress, signal, baseEnv },
        ...(portBase === undefined ? {} : { portBase }),
        cacheDir: paths.cache,
        taskQueue: environment.taskQueue,
        programs: {
          ...{ temporal: environment.temporalProgram, azurite: environment.azuriteProgram },
          weed: environment.weedProgram,
        },
        workerProgram: {
          command: process.execPath,
          args: [fileURLToPath(new URL('../worker.js', import.meta.url))],
        },
        probes: stackProbes(signal),
      });
    },
    down: async (request) => (await import('../local/stack-down.js')).stackDown(request),
    fetch: async ({ dir, progress }, signal) => {
      const { fetchPrograms } = await import('../local/programs/fetch-programs.js');
      return fetchPrograms({ cacheDir: dir === undefined ? paths.cache : resolve(dir), baseEnv, progress, signal });
    },
    status: async (place) => (await import('../local/stack-status.js')).stackStatus(place),
    variables: (stack) => stackEnvironment(stack, baseEnv),
    environmentOf: (stack) => ({
      ...environment,
      taskQueue: stack.taskQueue,
      webUi: stack.temporal.webUi,
      allowInsecureEndpoints: stack.stores !== null || environment.allowInsecureEndpoints,
      variables: { ...withoutTemporal(baseEnv), ...stackEnvironment(stack, baseEnv) },
    }),
  };
}

/** Removes the settings for another server: its keys and TLS would make the local one unreachable. */
function withoutTemporal(variables: Environment['variables']): Environment['variables'] {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
