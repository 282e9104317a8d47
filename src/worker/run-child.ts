import { loadClientConnectConfig } from '@temporalio/envconfig';
import { loadDataConverter } from '../payload-codec.js';
import { installRuntime, MetricsAddressError } from './install-runtime.js';
import { isDied, isDrain, tellLastWords } from './supervision/process-messages.js';
import { runProcess, type ProcessOptions } from './run-process.js';
import { misconfiguredStatus } from './supervision/supervise.js';

/** Options of a process that a parent has started. */
export interface ChildOptions extends Omit<ProcessOptions, 'drain' | 'codec' | 'meter' | 'sawDie'> {
  readonly number: number;
  readonly metricsAddress: string | undefined;
  readonly payloadCodec: string | undefined;
}

/**
 * Runs one process of a worker under its parent and returns its exit status. It drains when it is told to, on SIGTERM,
 * and when the parent is gone.
 */
export async function runChild(options: ChildOptions): Promise<number> {
  const { log, metricsAddress, payloadCodec, redact } = options;
  const drain = new AbortController();
  const begin = (): void => drain.abort(new Error('told to drain'));
  let died: readonly string[] = [];
  process.on('message', (message) => {
    if (isDrain(message)) begin();
    else if (isDied(message)) died = message.died;
  });
  process.on('disconnect', begin);
  process.on('SIGTERM', begin);
  // Ctrl-C goes to the whole group; the parent decides what it means.
  process.on('SIGINT', () => undefined);
  let codec: Awaited<ReturnType<typeof loadDataConverter>>;
  try {
    loadClientConnectConfig();
    codec = await loadDataConverter(payloadCodec);
  } catch (error) {
    log.fatal(`${messageOf(error)}. Correct TEMPORAL_*, temporal.toml or LONGHAUL_PAYLOAD_CODEC.`);
    return misconfiguredStatus;
  }
  try {
    const meter = installRuntime({ log, metricsAddress, processNumber: options.number });
    await runProcess({ ...options, codec, meter, drain: drain.signal, sawDie: (token) => died.includes(token) });
    return 0;
  } catch (error) {
    if (error instanceof MetricsAddressError) {
      log.fatal(error.message);
      return misconfiguredStatus;
    }
    if (drain.signal.aborted && error === drain.signal.reason) return 0;
    log.fatal({ err: error }, 'this process of the worker ends by an error');
    await tellLastWords({ error: redact(messageOf(error)) });
    return 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
