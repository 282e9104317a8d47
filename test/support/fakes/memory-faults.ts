import type { Failure } from '../../../src/domain/failure.js';

/** A request that a store in memory is about to serve. `count` is how many of this kind came before it. */
export interface MemoryRequest<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  readonly count: number;
}

/**
 * What becomes of a request. `fail`: refused with this failure, nothing done. `lose-request`: never arrives. `lose-reply`: done, but
 * the caller does not learn of it.
 */
export type MemoryFault =
  | { readonly fault: 'fail'; readonly failure: Failure }
  | { readonly fault: 'lose-request' }
  | { readonly fault: 'lose-reply' };

/** Decides what becomes of a request; may wait, so that a test can hold a request and let others overtake it. */
export type MemoryHook<Kind extends string, Fault = MemoryFault> = (
  request: MemoryRequest<Kind>,
) => Fault | undefined | Promise<Fault | undefined>;

/** Keeps the log of requests and asks the hook about each. */
export class MemoryRequests<Kind extends string, Fault = MemoryFault> {
  readonly log: MemoryRequest<Kind>[] = [];
  hook: MemoryHook<Kind, Fault> | undefined;

  constructor(hook?: MemoryHook<Kind, Fault>) {
    this.hook = hook;
  }

  count(kind: Kind): number {
    return this.log.filter((request) => request.kind === kind).length;
  }

  async arrive(kind: Kind, name: string, signal: AbortSignal): Promise<Fault | undefined> {
    signal.throwIfAborted();
    const request = { kind, name, count: this.count(kind) };
    this.log.push(request);
    const fault = await this.hook?.(request);
    signal.throwIfAborted();
    return fault;
  }
}
