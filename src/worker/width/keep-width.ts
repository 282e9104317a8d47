import { performance } from 'node:perf_hooks';
import type { LimitedProcess } from '../../flow/process-resources.js';
import type { StoreThrottles } from '../../flow/store-throttles.js';
import type { KeptDirectives } from '../slice-directives.js';

// A unit of many blobs takes a few seconds, and the effect of a change shows after that.
const lookEveryMs = 5_000;

/** Lets the process have as many units in flight as it needs: looks every 5 seconds, until `signal` is aborted. */
export function keepWidth({
  process: resources,
  directives,
  throttles,
  signal,
}: {
  readonly process: Pick<LimitedProcess, 'units' | 'width'>;
  readonly directives: Pick<KeptDirectives, 'limits' | 'adapt'>;
  readonly throttles: Pick<StoreThrottles, 'anyLimited'>;
  readonly signal: AbortSignal;
}): void {
  const { units, width } = resources;
  let loop = performance.eventLoopUtilization();
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, loop);
    loop = now;
    const before = width.width;
    const limited = directives.limits().some(isLimited);
    width.next({
      utilization,
      full: units.activeCount >= units.concurrency,
      heldBack: limited || throttles.anyLimited,
      memoryBytes: process.memoryUsage.rss(),
    });
    if (width.width !== before) directives.adapt();
  };
  const timer = setInterval(look, lookEveryMs).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

function isLimited({ bytesPerSecond, requestsPerSecond }: ReturnType<KeptDirectives['limits']>[number]): boolean {
  return bytesPerSecond !== undefined || requestsPerSecond.some(({ waiting }) => waiting > 0);
}
