import { installRuntime } from './install-runtime.js';
import { runProcess, type ProcessOptions } from './run-process.js';
import { drainMessage, type LastWords } from './supervise.js';

/** Options of a process that a parent has started. */
export interface ChildOptions extends Omit<ProcessOptions, 'drain'> {
  readonly number: number;
  readonly metricsAddress: string | undefined;
}

/** Runs one process of a worker under its parent and gives its exit status. Drains when told to, on SIGTERM, and when the parent is gone. */
export async function runChild(options: ChildOptions): Promise<number> {
  const drain = new AbortController();
  const begin = (): void => drain.abort(new Error('told to drain'));
  process.on('message', (message) => {
    if (message === drainMessage) begin();
  });
  process.on('disconnect', begin);
  process.on('SIGTERM', begin);
  // Ctrl-C goes to the whole group; the parent decides what it means.
  process.on('SIGINT', () => undefined);
  installRuntime({ log: options.log, metricsAddress: options.metricsAddress, processNumber: options.number });
  try {
    await runProcess({ ...options, drain: drain.signal });
    return 0;
  } catch (error) {
    if (drain.signal.aborted && error === drain.signal.reason) return 0;
    options.log.fatal({ err: error }, 'this process of the worker ends by an error');
    const words: LastWords = { error: options.redact(error instanceof Error ? error.message : String(error)) };
    if (process.connected) await new Promise((resolve) => process.send?.(words, resolve));
    return 1;
  }
}
