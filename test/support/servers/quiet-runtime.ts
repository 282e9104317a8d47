import { DefaultLogger, Runtime } from '@temporalio/worker';

let isQuiet = false;

/**
 * Makes Temporal's runtime log errors only. A process can install one runtime, and must do so before it makes anything
 * else.
 */
export function quietRuntime(): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
}
