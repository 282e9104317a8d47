import { DefaultLogger, Runtime, type LogLevel } from '@temporalio/worker';
import type { Logger } from 'pino';
import { histogramBuckets, type Meter } from '../telemetry/metrics/meter.js';
import { placeOf } from './place-of.js';

/**
 * Installs Temporal's runtime for this process, before anything else of Temporal is created: it logs to our log, leaves
 * signals to us, and serves metrics if an address is given (`host:port`; process n of a worker adds n - 1 to the port).
 * Returns the meter whose metrics are served there beside Temporal's own, if any are. Throws {@link
 * MetricsAddressError} if the address is not valid, and another error if nothing can be served there.
 */
export function installRuntime(options: {
  readonly log: Logger;
  readonly metricsAddress: string | undefined;
  readonly processNumber: number;
}): Meter | undefined {
  const { log, metricsAddress, processNumber } = options;
  const bindAddress = metricsAddress === undefined ? undefined : bindAddressOf(metricsAddress, processNumber);
  try {
    Runtime.install({
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
        if (!expected.test(message)) log[pinoLevels[level]]({ ...meta, ...placeOf(meta) }, message);
      }),
      shutdownSignals: [],
      telemetryOptions: {
        logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
        ...(bindAddress !== undefined && { metrics: { prometheus: { bindAddress, ...prometheusNames } } }),
      },
    });
  } catch (error) {
    throw bindAddress === undefined ? error : metricsError(bindAddress, error);
  }
  return bindAddress === undefined ? undefined : Runtime.instance().metricMeter;
}

/** The value of `LONGHAUL_METRICS` is not an address. */
export class MetricsAddressError extends Error {
  override readonly name = 'MetricsAddressError';
}

/** Names as Prometheus has them: `_total`, and units, which are seconds. */
const prometheusNames = {
  countersTotalSuffix: true,
  unitSuffix: true,
  useSecondsForDurations: true,
  histogramBucketOverrides: histogramBuckets,
};

// The worker of the control queue has no workflows, and should have none.
const expected = /^No workflows registered/;

const pinoLevels = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, string>;

function metricsError(address: string, cause: unknown): unknown {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/invalid socket address/.test(reason)) {
    const text = `LONGHAUL_METRICS asks for metrics at ${address}, which is not an IP address and a port`;
    return new MetricsAddressError(`${text}. An example is 127.0.0.1:9464`, { cause });
  }
  return new Error(`LONGHAUL_METRICS asks for metrics at ${address}, where none can be served: ${reason}`, { cause });
}

/** Process 2 with `0.0.0.0:9464` serves at `0.0.0.0:9465`. The runtime knows no names, not even `localhost`. */
export function bindAddressOf(address: string, processNumber: number): string {
  return address
    .replace(/^localhost:/, '127.0.0.1:')
    .replace(/\d+$/, (port) => String(Number(port) + processNumber - 1));
}
