import { DefaultLogger, Runtime } from '@temporalio/worker';

let isQuiet = false;

/** Lets Temporal's runtime log errors only. Only one may be installed in a process, before anything else is made. */
export function quietRuntime(): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
}
