import { DefaultLogger, Runtime, type LogLevel } from '@temporalio/worker';
import type { Logger } from 'pino';

/**
 * Installs Temporal's runtime for this process, before anything else of Temporal is created: it logs to our log, leaves
 * signals to us, and serves metrics if an address is given (`host:port`; process n of a worker adds n - 1 to the port).
 */
export function installRuntime(options: {
  readonly log: Logger;
  readonly metricsAddress: string | undefined;
  readonly processNumber: number;
}): void {
  const { log, metricsAddress, processNumber } = options;
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      if (!expected.test(message)) log[pinoLevels[level]]({ ...meta }, message);
    }),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(metricsAddress !== undefined && {
        metrics: { prometheus: { bindAddress: portShifted(metricsAddress, processNumber - 1) } },
      }),
    },
  });
}

// The worker of the control queue has no workflows, and should have none.
const expected = /^No workflows registered/;

const pinoLevels = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, string>;

/** `0.0.0.0:9464` shifted by 1 is `0.0.0.0:9465`. */
export function portShifted(address: string, by: number): string {
  return address.replace(/\d+$/, (port) => String(Number(port) + by));
}
