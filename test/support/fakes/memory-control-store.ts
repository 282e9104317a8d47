import { createHash } from 'node:crypto';
import { Failure } from '../../../src/domain/failure.js';
import type { ControlObject, ControlStore, ControlWrite } from '../../../src/control/control-store.js';
import { type MemoryFault, type MemoryHook, MemoryRequests } from './memory-faults.js';

type ControlRequest = 'read' | 'write' | 'overwrite' | 'list' | 'delete';

/**
 * A control store in memory with the semantics of S3: an ETag is the MD5 of the content, and conditions are checked at
 * the moment of the write. The hook may hold, refuse or lose each request. A lost `write` is `unknown`; any other lost
 * request is `TargetNetwork`.
 */
export class MemoryControlStore implements ControlStore {
  readonly objects = new Map<string, Buffer>();
  readonly requests: MemoryRequests<ControlRequest>;

  constructor(hook?: MemoryHook<ControlRequest>) {
    this.requests = new MemoryRequests(hook);
  }

  async read(key: string, signal: AbortSignal): Promise<ControlObject | undefined> {
    throwFault(await this.requests.arrive('read', key, signal));
    const bytes = this.objects.get(key);
    return bytes === undefined ? undefined : { bytes: Buffer.from(bytes), etag: etagOf(bytes) };
  }

  async write(
    key: string,
    bytes: Uint8Array,
    condition: 'absent' | { readonly etag: string },
    signal: AbortSignal,
  ): Promise<ControlWrite> {
    const sent = Buffer.from(bytes);
    const fault = await this.requests.arrive('write', key, signal);
    if (fault?.fault === 'fail') throw fault.failure;
    const lost: ControlWrite = { state: 'unknown', cause: new Error('the reply was lost') };
    if (fault?.fault === 'lose-request') return lost;
    const present = this.objects.get(key);
    const holds = condition === 'absent' ? present === undefined : present && etagOf(present) === condition.etag;
    if (holds) this.objects.set(key, sent);
    if (fault?.fault === 'lose-reply') return lost;
    return holds ? { state: 'written', etag: etagOf(sent) } : { state: 'refused' };
  }

  async overwrite(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const sent = Buffer.from(bytes);
    const fault = await this.requests.arrive('overwrite', key, signal);
    if (fault?.fault === 'lose-reply') this.objects.set(key, sent);
    throwFault(fault);
    this.objects.set(key, sent);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<string> {
    throwFault(await this.requests.arrive('list', prefix, signal));
    for (const key of [...this.objects.keys()]) {
      signal.throwIfAborted();
      if (key.startsWith(prefix)) yield key;
    }
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    const fault = await this.requests.arrive('delete', key, signal);
    if (fault?.fault === 'lose-reply') this.objects.delete(key);
    throwFault(fault);
    this.objects.delete(key);
  }
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function throwFault(fault: MemoryFault | undefined): void {
  if (fault === undefined) return;
  throw fault.fault === 'fail' ? fault.failure : new Failure('TargetNetwork', 'the reply was lost');
}
