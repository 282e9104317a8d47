import type { Failure } from '../../../src/domain/failure.js';

/** A request that an in-memory store is about to serve. `count` is the number of earlier requests of this kind. */
export interface MemoryRequest<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  readonly count: number;
}

/**
 * What happens to a request. `fail`: it is refused with this failure, and nothing is done. `lose-request`: it never
 * arrives. `lose-reply`: it is carried out, but the caller does not learn of it.
 */
export type MemoryFault =
  | { readonly fault: 'fail'; readonly failure: Failure }
  | { readonly fault: 'lose-request' }
  | { readonly fault: 'lose-reply' };

/** Decides what happens to a request. It may wait, so that a test can hold a request while others overtake it. */
export type MemoryHook<Kind extends string, Fault = MemoryFault> = (
  request: MemoryRequest<Kind>,
) => Fault | undefined | Promise<Fault | undefined>;

/** Logs the requests and asks the hook about each. */
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
