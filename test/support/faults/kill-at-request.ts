import type { ProxiedRequest } from './fault-proxy.js';
import { killWorker } from './kill-workers.js';
import { partPid, type StackPart } from '../servers/stack-parts.js';
import { until } from '../until.js';
import type { ProxiedStack } from '../servers/use-proxied-stack.js';

/** The parts of a stack that a test kills. */
export type MortalPart = Exclude<StackPart, 'azurite'>;

/**
 * Kills parts of a stack with `kill -9` when the first request arrives that `isDue` accepts, before it is passed on.
 * Returns that moment, a time of `performance.now()`. Calls `begin` once it is ready.
 */
export async function killAtRequest(
  { stack, stores }: Pick<ProxiedStack, 'stack' | 'stores'>,
  parts: readonly MortalPart[],
  isDue: (request: ProxiedRequest) => boolean,
  begin: () => void = () => undefined,
): Promise<number> {
  const pids = await Promise.all(parts.map(async (part) => ({ part, pid: await partPid(stack, part) })));
  let atMs = 0;
  stores.onArrival = (request) => {
    if (atMs > 0 || !isDue(request)) return;
    for (const { part, pid } of pids) {
      if (part === 'workers') killWorker(pid);
      else process.kill(pid, 'SIGKILL');
    }
    atMs = performance.now();
  };
  begin();
  await until(`the request comes at which ${parts.join(' and ')} die`, () => atMs > 0, 180_000);
  stores.onArrival = () => undefined;
  return atMs;
}
