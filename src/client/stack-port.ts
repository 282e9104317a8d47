import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import type { StackPort } from '../commands/ports/stack-port.js';
import type { Environment } from '../env.js';
import { fetchPrograms } from '../local/programs/fetch-programs.js';
import { stackDown } from '../local/stack-down.js';
import { stackEnvironment } from '../local/stack-environment.js';
import { stackStatus } from '../local/stack-status.js';
import { stackUp } from '../local/stack-up.js';
import { stackProbes } from './stack-probes.js';

/** Runs the local stack with the programs, probes and workers of this installation. */
export function stackPort(environment: Environment): StackPort {
  const paths = envPaths('longhaul', { suffix: '' });
  const { variables: baseEnv } = environment;
  return {
    defaultStateDir: paths.data,
    up: ({ stateDir, portBase, stores, progress }, signal) =>
      stackUp({
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
      }),
    down: stackDown,
    fetch: ({ dir, progress }, signal) =>
      fetchPrograms({ cacheDir: dir === undefined ? paths.cache : resolve(dir), baseEnv, progress, signal }),
    status: stackStatus,
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
